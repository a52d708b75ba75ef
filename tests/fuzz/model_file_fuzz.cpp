// Model files: any bytes as a file, and any bytes as the content of a file whose checksum is right.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "descent/core/error.hpp"
#include "descent/model/json_model.hpp"

namespace {

using descent::Error;
using descent::ErrorCode;
using descent::model::JsonReader;
using descent::model::JsonWriter;

/// Runs `use`; anything but success and Error(model) is a finding.
template <class Use>
void refused_or_done(const Use& use) {
  try {
    use();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::model) std::abort();
  }
}

void read_everything(JsonReader& reader) {
  for (const char* name : {"a", "learner", "coefficients", ""}) {
    refused_or_done([&] { static_cast<void>(reader.number(name)); });
    refused_or_done([&] { static_cast<void>(reader.integer(name)); });
    refused_or_done([&] { static_cast<void>(reader.flag(name)); });
    refused_or_done([&] { static_cast<void>(reader.text(name)); });
    refused_or_done([&] { static_cast<void>(reader.numbers(name)); });
    refused_or_done([&] { static_cast<void>(reader.texts(name)); });
    refused_or_done([&] {
      reader.enter(name);
      static_cast<void>(reader.has("a"));
      reader.leave();
    });
  }
}

/// The checksum that a refusal says it got.
std::string checksum_in(const std::string& message) {
  const std::size_t at = message.rfind("crc32c:");
  return at == std::string::npos ? "" : message.substr(at, 15);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  refused_or_done([&] {
    JsonReader reader = JsonReader::parse(text, "fuzz.json");
    read_everything(reader);
  });

  const auto file = [&](const std::string& checksum) {
    return "{\"format\":\"descent-model\",\"version\":1,\"checksum\":\"" + checksum + "\",\"content\":" + text + "}";
  };
  std::string checksum;
  try {
    static_cast<void>(JsonReader::parse(file(""), "fuzz.json"));
  } catch (const Error& error) {
    checksum = checksum_in(error.message());
  }
  if (!checksum.empty())
    refused_or_done([&] {
      JsonReader reader = JsonReader::parse(file(checksum), "fuzz.json");
      read_everything(reader);
    });

  // What is written reads back.
  JsonWriter writer;
  writer.put_text("text", text);
  JsonReader reader = JsonReader::parse(writer.text(), "fuzz.json");
  if (reader.text("text") != text) std::abort();
  return 0;
}
