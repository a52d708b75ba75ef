"""A Chromium of our own, spoken to over a pipe (DevTools protocol): no port, no package."""
import json
import os
import subprocess
import tempfile
import time

FLAGS = [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-extensions', '--disable-dev-shm-usage', '--hide-scrollbars',
    '--host-resolver-rules=MAP * ~NOTFOUND', '--remote-debugging-pipe',
]


class Browser:
    def __init__(self, program):
        self.profile = tempfile.TemporaryDirectory()
        to_read, self.writer = os.pipe()
        self.reader, to_write = os.pipe()

        def connect():  # Chromium reads commands from descriptor 3 and answers on 4
            kept_read, kept_write = os.dup(to_read), os.dup(to_write)
            os.dup2(kept_read, 3)
            os.dup2(kept_write, 4)

        self.process = subprocess.Popen(
            [program, *FLAGS, '--user-data-dir=' + self.profile.name, 'about:blank'], preexec_fn=connect, close_fds=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.buffer = b''
        self.number = 0
        self.events = []
        target = self.call('Target.createTarget', {'url': 'about:blank'}, session=None)['targetId']
        self.session = None
        self.session = self.call('Target.attachToTarget', {'targetId': target, 'flatten': True}, session=None)['sessionId']
        for domain in ('Page', 'Runtime', 'Log', 'Network'):
            self.call(domain + '.enable')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        os.close(self.writer)
        os.close(self.reader)
        try:
            self.profile.cleanup()
        except OSError:
            pass

    def _message(self):
        while b'\0' not in self.buffer:
            part = os.read(self.reader, 1 << 20)
            if not part:
                raise RuntimeError('the browser went away')
            self.buffer += part
        text, self.buffer = self.buffer.split(b'\0', 1)
        return json.loads(text)

    def call(self, method, parameters=None, session='page'):
        self.number += 1
        command = {'id': self.number, 'method': method, 'params': parameters or {}}
        if session == 'page':
            command['sessionId'] = self.session
        os.write(self.writer, json.dumps(command).encode() + b'\0')
        while True:
            message = self._message()
            if message.get('id') == self.number:
                if 'error' in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message['result']
            self.events.append(message)

    def evaluate(self, expression):
        answer = self.call('Runtime.evaluate', {'expression': expression, 'returnByValue': True, 'awaitPromise': True})
        if 'exceptionDetails' in answer:
            raise RuntimeError(json.dumps(answer['exceptionDetails'])[:600])
        return answer['result'].get('value')

    def wait_for(self, expression, seconds=60):
        end = time.monotonic() + seconds
        while not self.evaluate(expression):
            if time.monotonic() > end:
                raise RuntimeError('waited in vain for ' + expression)
            time.sleep(0.05)

    def open(self, url, width=1100, height=1000, dark=False, script=True):
        self.events.clear()
        self.call('Emulation.setScriptExecutionDisabled', {'value': not script})
        self.call('Emulation.setEmulatedMedia', {'features': [{'name': 'prefers-color-scheme', 'value': 'dark' if dark else 'light'}]})
        self.call('Emulation.setDeviceMetricsOverride', {'width': width, 'height': height, 'deviceScaleFactor': 1, 'mobile': False})
        self.call('Page.navigate', {'url': url})
        while not any(event['method'] == 'Page.loadEventFired' for event in self.events):
            self.events.append(self._message())

    def complaints(self):
        """What the console, the log (policy violations) and uncaught errors said."""
        said = []
        for event in self.events:
            parameters = event['params']
            if event['method'] == 'Runtime.consoleAPICalled' and parameters['type'] in ('error', 'warning'):
                said.append(' '.join(str(part.get('value', part.get('description'))) for part in parameters['args']))
            elif event['method'] == 'Log.entryAdded':
                said.append(parameters['entry']['text'])
            elif event['method'] == 'Runtime.exceptionThrown':
                said.append(json.dumps(parameters['exceptionDetails'])[:600])
        return said

    def requests(self):
        return [event['params']['request']['url'] for event in self.events if event['method'] == 'Network.requestWillBeSent']

    def press(self, key, code):
        for kind in ('keyDown', 'keyUp'):
            self.call('Input.dispatchKeyEvent', {'type': kind, 'key': key, 'code': key, 'windowsVirtualKeyCode': code})

    def screenshot(self, full=True):
        """The bytes of a PNG."""
        import base64
        return base64.b64decode(self.call('Page.captureScreenshot', {'format': 'png', 'captureBeyondViewport': full})['data'])
