#include "descent/data/reader.hpp"

#include <utility>

#include "descent/data/csv.hpp"

namespace descent::data {
namespace {

char separator_of(const std::string& choice) {
  if (choice == "comma") return ',';
  if (choice == "semicolon") return ';';
  if (choice == "tab") return '\t';
  if (choice == "pipe") return '|';
  if (choice == "space") return ' ';
  return '\0';
}

CsvHeader header_of(const std::string& choice) {
  if (choice == "yes") return CsvHeader::yes;
  return choice == "no" ? CsvHeader::no : CsvHeader::automatic;
}

Entry csv_entry() {
  return {
      .name = "csv",
      .kind = "reader",
      .summary = "Text with a separator between values and a row a line; gzip unpacked on the way",
      .params = {{.name = "separator",
                  .kind = ParamKind::choice,
                  .default_text = "auto",
                  .choices = {"auto", "comma", "semicolon", "tab", "pipe", "space"},
                  .meaning = "what stands between two values",
                  .why = "the first of tab ; , | that cuts all of the first rows into the same number of fields is "
                         "rarely wrong"},
                 {.name = "header",
                  .kind = ParamKind::choice,
                  .default_text = "auto",
                  .choices = {"auto", "yes", "no"},
                  .meaning = "whether the first row holds names",
                  .why = "a row with a number in it is data"}},
      .reference = "Y. Shafranovich, RFC 4180, 2005",
      .differs = "blanks around unquoted fields do not count, lines may end in LF or CR alone, empty lines are skipped",
      .example = "csv(separator=semicolon, header=no)",
  };
}

std::unique_ptr<TableSource> make_csv(std::unique_ptr<ByteSource> bytes, const BoundArguments& arguments) {
  return read_csv(std::move(bytes), {.separator = separator_of(arguments.choice("separator")),
                                     .header = header_of(arguments.choice("header"))});
}

}  // namespace

const Registry<ReaderMaker>& reader_registry() {
  static const Registry<ReaderMaker> registry = [] {
    Registry<ReaderMaker> all("reader");
    all.add(csv_entry(), make_csv);
    return all;
  }();
  return registry;
}

}  // namespace descent::data
