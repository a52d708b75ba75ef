#!/usr/bin/env python3
"""Opens report pages in Chromium and looks at what was drawn: browser_test.py PATH_OF_report_pages [--keep DIRECTORY]."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from devtools import Browser  # noqa: E402

SKIPPED = 77
ALL_DRAWN = "[...document.querySelectorAll('.plot')].every((plot) => plot.dataset.drawn === 'yes')"
failures = []


def check(holds, what):
    print('    ' + ('ok  ' if holds else 'BAD ') + what)
    if not holds:
        failures.append(what)


def open_page(browser, folder, name, **how):
    print(name, how or '')
    browser.open('file://' + os.path.join(folder, name + '.html'), **how)
    browser.wait_for(ALL_DRAWN)


def check_peace(browser):
    complaints = browser.complaints()
    check(not complaints, 'no error, warning or policy violation ' + ' | '.join(complaints)[:500])
    outside = [url for url in browser.requests() if not url.startswith(('file:///', 'data:', 'blob:'))]
    check(not outside and sum(url.startswith('file:') for url in browser.requests()) == 1, f'nothing is loaded but the page {outside}')


def count(browser, selector):
    return browser.evaluate(f'document.querySelectorAll({selector!r}).length')


def test_minimize(browser, folder):
    open_page(browser, folder, 'minimize')
    check(count(browser, '#figure-1 .contourfill path') >= 10, 'the contour has bands')
    check(count(browser, '#figure-1 .contourlines path') >= 10, 'the contour has lines')
    check(count(browser, '#figure-2 .scatterlayer path.js-line') == 1, 'the objective has a curve')
    check(browser.evaluate("document.querySelector('#figure-2 .plot')._fullLayout.yaxis.type") == 'log', 'which starts on a log axis')

    before = browser.evaluate("document.querySelector('#figure-1 .contourfill').innerHTML")
    length = "document.querySelector('#figure-1 .plot')._fullData[3].x.length"
    whole = browser.evaluate(length)
    browser.evaluate("document.querySelector('#figure-1 .steps input').focus()")
    browser.press('Home', 36)
    browser.wait_for(length + ' === 1')
    for _ in range(5):
        browser.press('ArrowRight', 39)
    browser.wait_for(length + ' === 6')
    check(whole > 100, f'the path has {whole} points, and the keyboard moves the slider over them')
    check(browser.evaluate("document.querySelector('#figure-1 .contourfill').innerHTML") == before, 'the contour is still drawn after the move')
    check(count(browser, '#figure-1 .contourlines path') >= 10, 'and so are its lines')
    check('step 5:' in browser.evaluate("document.querySelector('#figure-1 .steps output').textContent"), 'the step is said in words')
    browser.evaluate("document.querySelector('#figure-1 .steps button').click()")
    browser.wait_for(length + ' > 12')
    check(browser.evaluate("document.querySelector('#figure-1 .steps button').textContent") == 'Pause', 'it plays')
    browser.evaluate("document.querySelector('#figure-1 .steps button').click()")

    browser.evaluate("document.querySelector('#figure-2 .switch input').click()")
    browser.wait_for("document.querySelector('#figure-2 .plot')._fullLayout.yaxis.type === 'linear'")
    check(count(browser, '#figure-2 .scatterlayer path.js-line') == 1, 'the switch draws the curve on a linear axis')
    check_peace(browser)


def test_fit(browser, folder):
    for dark in (False, True):
        open_page(browser, folder, 'fit', dark=dark)
        check(count(browser, '#figure-2 .points path') == 442, 'every row is a point beside the fitted line')
        check(count(browser, '#figure-2 .scatterlayer path.js-line') == 1, f"and the line is there ({count(browser, '#figure-2 path.js-line')})")
        check(count(browser, '#figure-3 .points path') == 442, 'predicted against true has a point for each row')
        check(count(browser, '#figure-4 .bars .point') == 10, 'ten coefficients have ten bars')
        check(count(browser, '.modebar-btn[href]') == 0, 'nothing links elsewhere')
        check_peace(browser)
    open_page(browser, folder, 'fit', width=390)
    wide = browser.evaluate('document.documentElement.scrollWidth')
    check(wide <= 390, f'a telephone shows it without scrolling sideways ({wide} px of 390)')


def test_classes(browser, folder):
    open_page(browser, folder, 'classes')
    check(count(browser, '#figure-1 .annotation') == 9, 'the confusion matrix has nine numbers')
    check(count(browser, '#figure-2 .bars .point') == 12, 'three classes of four coefficients are twelve bars')
    check(count(browser, '#figure-3 .contourfill path') >= 5, 'a run that flies off still has its contour')
    check(browser.evaluate("document.querySelector('#figure-1 details td').textContent") == 'setosa', 'and the numbers as a table')
    check_peace(browser)


def test_hostile(browser, folder):
    open_page(browser, folder, 'hostile')
    check(browser.evaluate('document.title').startswith('</script>'), 'a title of markup stays text')
    check(count(browser, 'img') == 0, 'no element comes out of data')
    check(count(browser, 'script') == 3, 'nor any script')
    check(count(browser, '.plot .main-svg') >= 8, 'and the figures are drawn')
    check_peace(browser)


def test_without_script(browser, folder):
    print('fit without JavaScript')
    browser.open('file://' + os.path.join(folder, 'fit.html'), script=False)
    root = browser.call('DOM.getDocument')['root']['nodeId']
    markup = browser.call('DOM.getOuterHTML', {'nodeId': root})['outerHTML']
    drawn = browser.call('DOM.querySelectorAll', {'nodeId': root, 'selector': '.plot > *'})['nodeIds']
    check('The pictures need JavaScript' in markup, 'it says why there are no pictures')
    check(markup.count('<table') >= 4 and '53.47' in markup, 'and the tables are there')
    check(not drawn, '(nothing ran)')


def main():
    chromium = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))), None)
    if chromium is None:
        print('skipped: there is no Chromium here (apt-get install chromium)')
        return SKIPPED
    with tempfile.TemporaryDirectory() as scratch:
        folder = os.path.abspath(sys.argv[3]) if len(sys.argv) > 3 and sys.argv[2] == '--keep' else scratch
        subprocess.run([sys.argv[1], folder], check=True)
        for test in (test_minimize, test_fit, test_classes, test_hostile, test_without_script):
            with Browser(chromium) as browser:
                test(browser, folder)
    for failure in failures:
        print('FAILED: ' + failure)
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
