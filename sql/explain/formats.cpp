#include <fmt/format.h>

#include "sql/explain/explain.hpp"

// The two forms of EXPLAIN's answer. Isolde's planner compares plans by estimates of its own and
// has no costs in PostgreSQL's units: none are shown, only how many rows are expected.

namespace isolde::sql {

namespace {

// --- text

/// "Hash Left Join", "Index Scan Backward using i on t x"
std::string title(const ExplainNode& node) {
  std::string text = node.type;
  if (!node.strategy.empty()) {
    size_t join = text.rfind(" Join");
    if (join != std::string::npos) {
      text.insert(join, " " + node.strategy);
    } else if (text == "Nested Loop") {
      text += " " + node.strategy + " Join";
    } else {
      text += " " + node.strategy;
    }
  }
  if (node.backward) text += " Backward";
  if (!node.index.empty()) text += " using " + node.index;
  if (!node.relation.empty()) {
    text += " on " + node.relation;
    if (node.alias != node.relation) text += " " + node.alias;
  } else if (!node.alias.empty()) {
    text += " on " + node.alias;
  }
  return text;
}

std::string measures(const ExplainNode& node, const ExplainOptions& options) {
  std::string text;
  if (options.costs) text += fmt::format("  (rows={:.0f} width={})", node.rows, node.width);
  if (!node.actual) return text;
  const ExplainNode::Actual& actual = *node.actual;
  if (actual.loops == 0) return text + " (never executed)";
  if (options.timing) {
    return text + fmt::format(" (actual time={:.3f}..{:.3f} rows={:.0f} loops={})", actual.first,
                              actual.total, actual.rows, actual.loops);
  }
  return text + fmt::format(" (actual rows={:.0f} loops={})", actual.rows, actual.loops);
}

void append_text(const ExplainNode& node, const ExplainOptions& options, size_t indent,
                 std::vector<std::string>& lines) {
  size_t inside = indent;
  if (!node.subplan_name.empty()) {
    lines.push_back(std::string(indent, ' ') + node.subplan_name);
    inside += 2;
  }
  bool arrow = !node.parent_relationship.empty();
  lines.push_back(std::string(inside, ' ') + (arrow ? "->  " : "") + title(node) +
                  measures(node, options));
  inside += arrow ? 6 : 2;
  for (const ExplainNode::Detail& detail : node.details) {
    std::string text = std::string(inside, ' ') + detail.name + ": ";
    for (size_t i = 0; i < detail.lines.size(); ++i) text += (i > 0 ? ", " : "") + detail.lines[i];
    lines.push_back(std::move(text));
  }
  if (node.sorted) {
    lines.push_back(std::string(inside, ' ') +
                    fmt::format("Sort Method: {}  {}: {}kB", node.sorted->method,
                                node.sorted->on_disk ? "Disk" : "Memory", node.sorted->kilobytes));
  }
  for (const ExplainNode& child : node.children) append_text(child, options, inside, lines);
}

// --- JSON

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

/// Writes `"key": value` pairs, one a line.
class JsonObject {
 public:
  JsonObject(std::string& out, size_t indent) : out_(out), indent_(indent) { out_ += '{'; }
  void raw(std::string_view key, std::string_view value) {
    out_ += first_ ? "\n" : ",\n";
    first_ = false;
    out_ += std::string(indent_ + 2, ' ') + quoted(key) + ": ";
    out_ += value;
  }
  void text(std::string_view key, std::string_view value) { raw(key, quoted(value)); }
  void close() { out_ += "\n" + std::string(indent_, ' ') + '}'; }

 private:
  std::string& out_;
  size_t indent_;
  bool first_ = true;
};

void append_json(const ExplainNode& node, const ExplainOptions& options, size_t indent,
                 std::string& out) {
  JsonObject object(out, indent);
  object.text("Node Type", node.type);
  if (node.type == "Hash Join" || node.type == "Nested Loop") {
    object.text("Join Type", node.strategy.empty() ? "Inner" : node.strategy);
  } else if (!node.strategy.empty()) {
    object.text(node.type == "ModifyTable" ? "Operation" : "Strategy", node.strategy);
  }
  if (!node.parent_relationship.empty()) {
    object.text("Parent Relationship", node.parent_relationship);
  }
  if (!node.subplan_name.empty()) object.text("Subplan Name", node.subplan_name);
  object.raw("Parallel Aware", "false");
  object.raw("Async Capable", "false");
  if (!node.index.empty()) {
    object.text("Scan Direction", node.backward ? "Backward" : "Forward");
    object.text("Index Name", node.index);
  }
  if (!node.relation.empty()) object.text("Relation Name", node.relation);
  if (!node.alias.empty()) object.text("Alias", node.alias);
  if (options.costs) {
    object.raw("Plan Rows", fmt::format("{:.0f}", node.rows));
    object.raw("Plan Width", std::to_string(node.width));
  }
  if (node.actual) {
    if (options.timing) {
      object.raw("Actual Startup Time", fmt::format("{:.3f}", node.actual->first));
      object.raw("Actual Total Time", fmt::format("{:.3f}", node.actual->total));
    }
    object.raw("Actual Rows", fmt::format("{:.0f}", node.actual->rows));
    object.raw("Actual Loops", std::to_string(node.actual->loops));
  }
  for (const ExplainNode::Detail& detail : node.details) {
    std::string list;
    for (const std::string& line : detail.lines) list += (list.empty() ? "" : ", ") + quoted(line);
    object.raw(detail.name, detail.list ? "[" + list + "]" : list);
  }
  if (node.sorted) {
    object.text("Sort Method", node.sorted->method);
    object.raw("Sort Space Used", std::to_string(node.sorted->kilobytes));
    object.text("Sort Space Type", node.sorted->on_disk ? "Disk" : "Memory");
  }
  if (!node.children.empty()) {
    std::string plans = "[";
    for (size_t i = 0; i < node.children.size(); ++i) {
      plans += (i > 0 ? ",\n" : "\n") + std::string(indent + 4, ' ');
      append_json(node.children[i], options, indent + 4, plans);
    }
    object.raw("Plans", plans + "\n" + std::string(indent + 2, ' ') + "]");
  }
  object.close();
}

}  // namespace

std::vector<std::string> explain_text(const ExplainNode& root, const ExplainOptions& options,
                                      const ExplainSummary& summary) {
  std::vector<std::string> lines;
  append_text(root, options, 0, lines);
  if (summary.planning) lines.push_back(fmt::format("Planning Time: {:.3f} ms", *summary.planning));
  if (summary.execution) {
    lines.push_back(fmt::format("Execution Time: {:.3f} ms", *summary.execution));
  }
  return lines;
}

std::vector<std::string> explain_json(const ExplainNode& root, const ExplainOptions& options,
                                      const ExplainSummary& summary) {
  std::string out = "[\n  ";
  JsonObject object(out, 2);
  std::string plan;
  append_json(root, options, 4, plan);
  object.raw("Plan", plan);
  if (summary.planning) object.raw("Planning Time", fmt::format("{:.3f}", *summary.planning));
  if (summary.execution) {
    object.raw("Triggers", "[\n    ]");
    object.raw("Execution Time", fmt::format("{:.3f}", *summary.execution));
  }
  object.close();
  return {out + "\n]"};
}

}  // namespace isolde::sql
