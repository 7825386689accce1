#include "storage/page_change.hpp"

namespace isolde::storage {

PageChange& PageChange::op(PageOp code) {
  bytes_.append(code);
  return *this;
}

PageChange& PageChange::item(PageOp code, int slot, ByteSpan head, ByteSpan tail) {
  op(code);
  bytes_.append(static_cast<uint16_t>(slot));
  bytes_.append(static_cast<uint16_t>(head.size() + tail.size()));
  bytes_.append_bytes(head);
  bytes_.append_bytes(tail);
  return *this;
}

PageChange& PageChange::format(PageType type, size_t special_size) {
  op(PageOp::kFormat);
  bytes_.append(type);
  bytes_.append(static_cast<uint16_t>(special_size));
  return *this;
}
PageChange& PageChange::insert_item(int slot, ByteSpan bytes) {
  return item(PageOp::kInsert, slot, bytes, {});
}
PageChange& PageChange::insert_item(int slot, ByteSpan head, ByteSpan tail) {
  return item(PageOp::kInsert, slot, head, tail);
}
PageChange& PageChange::put_item(int slot, ByteSpan head, ByteSpan tail) {
  return item(PageOp::kPut, slot, head, tail);
}
PageChange& PageChange::patch(int slot, size_t offset, ByteSpan bytes) {
  op(PageOp::kPatch);
  bytes_.append(static_cast<uint16_t>(slot));
  bytes_.append(static_cast<uint16_t>(offset));
  bytes_.append(static_cast<uint16_t>(bytes.size()));
  bytes_.append_bytes(bytes);
  return *this;
}
PageChange& PageChange::remove_item(int slot) {
  op(PageOp::kRemove);
  bytes_.append(static_cast<uint16_t>(slot));
  return *this;
}
PageChange& PageChange::set_line(int slot, LinePointer line) {
  op(PageOp::kLine);
  bytes_.append(static_cast<uint16_t>(slot));
  bytes_.append(line.encode());
  return *this;
}
PageChange& PageChange::trim(int slot) {
  op(PageOp::kTrim);
  bytes_.append(static_cast<uint16_t>(slot));
  return *this;
}
PageChange& PageChange::compact() {
  return op(PageOp::kCompact);
}
PageChange& PageChange::write(size_t offset, ByteSpan bytes) {
  op(PageOp::kBytes);
  bytes_.append(static_cast<uint16_t>(offset));
  bytes_.append(static_cast<uint16_t>(bytes.size()));
  bytes_.append_bytes(bytes);
  return *this;
}
PageChange& PageChange::set_flags(uint8_t flags) {
  op(PageOp::kFlags);
  bytes_.append(flags);
  return *this;
}

namespace {

/// One operation, taken apart.
struct Operation {
  PageOp code{};
  uint16_t slot = 0;
  uint16_t offset = 0;
  uint32_t number = 0;  // line pointer, flags, or page type
  ByteSpan bytes;
};

bool take_operation(ByteReader& reader, Operation& op) {
  op = {};
  op.code = reader.take<PageOp>();
  switch (op.code) {
    case PageOp::kFormat:
      op.number = reader.take<uint8_t>();
      op.offset = reader.take<uint16_t>();
      return reader.ok() && op.offset <= kPageSize - kPageHeaderSize;
    case PageOp::kInsert:
    case PageOp::kPut:
      op.slot = reader.take<uint16_t>();
      op.bytes = reader.take_bytes(reader.take<uint16_t>());
      return reader.ok();
    case PageOp::kPatch:
      op.slot = reader.take<uint16_t>();
      op.offset = reader.take<uint16_t>();
      op.bytes = reader.take_bytes(reader.take<uint16_t>());
      return reader.ok();
    case PageOp::kRemove:
    case PageOp::kTrim:
      op.slot = reader.take<uint16_t>();
      return reader.ok();
    case PageOp::kLine:
      op.slot = reader.take<uint16_t>();
      op.number = reader.take<uint32_t>();
      return reader.ok();
    case PageOp::kCompact:
      return reader.ok();
    case PageOp::kBytes:
      op.offset = reader.take<uint16_t>();
      op.bytes = reader.take_bytes(reader.take<uint16_t>());
      return reader.ok() && op.offset >= kPageHeaderSize &&
             op.offset + op.bytes.size() <= kPageSize;
    case PageOp::kFlags:
      op.number = reader.take<uint8_t>();
      return reader.ok();
  }
  return false;
}

/// Could the operation be carried out on this page? Guards recovery against a damaged page.
bool possible(PageView page, const Operation& op) {
  switch (op.code) {
    case PageOp::kInsert:
      return op.slot <= page.slot_count() && page.fits(op.bytes.size());
    case PageOp::kPut:
      if (op.slot == page.slot_count()) return page.fits(op.bytes.size());
      return op.slot < page.slot_count() && page.line(op.slot).state == LineState::kUnused &&
             page.free_bytes() >= aligned(op.bytes.size());
    case PageOp::kPatch:
      return op.slot < page.slot_count() && page.line(op.slot).state == LineState::kNormal &&
             op.offset + op.bytes.size() <= page.line(op.slot).length;
    case PageOp::kRemove:
    case PageOp::kLine:
      return op.slot < page.slot_count();
    case PageOp::kTrim:
      return op.slot <= page.slot_count();
    case PageOp::kFormat:
    case PageOp::kCompact:
    case PageOp::kBytes:
    case PageOp::kFlags:
      return true;
  }
  return false;
}

void apply(PageEditor& page, const Operation& op) {
  switch (op.code) {
    case PageOp::kFormat:
      page.format(static_cast<PageType>(op.number), op.offset);
      break;
    case PageOp::kInsert:
      page.insert_item(op.slot, op.bytes);
      break;
    case PageOp::kPut:
      page.put_item(op.slot, op.bytes);
      break;
    case PageOp::kPatch:
      std::memcpy(page.data() + page.line(op.slot).offset + op.offset, op.bytes.data(),
                  op.bytes.size());
      break;
    case PageOp::kRemove:
      page.remove_item(op.slot);
      break;
    case PageOp::kLine:
      page.set_line(op.slot, op.number);
      break;
    case PageOp::kTrim:
      page.trim(op.slot);
      break;
    case PageOp::kCompact:
      page.compact();
      break;
    case PageOp::kBytes:
      std::memcpy(page.data() + op.offset, op.bytes.data(), op.bytes.size());
      break;
    case PageOp::kFlags:
      page.set_flags(static_cast<uint8_t>(op.number));
      break;
  }
}

std::string describe(const Operation& op) {
  const std::string slot = " " + std::to_string(op.slot + 1);
  const std::string size = " (" + std::to_string(op.bytes.size()) + " bytes)";
  switch (op.code) {
    case PageOp::kFormat:
      return "FORMAT type " + std::to_string(op.number);
    case PageOp::kInsert:
      return "INSERT" + slot + size;
    case PageOp::kPut:
      return "PUT" + slot + size;
    case PageOp::kPatch:
      return "PATCH" + slot + " at " + std::to_string(op.offset) + size;
    case PageOp::kRemove:
      return "REMOVE" + slot;
    case PageOp::kLine:
      return "LINE" + slot;
    case PageOp::kTrim:
      return "TRIM from" + slot;
    case PageOp::kCompact:
      return "COMPACT";
    case PageOp::kBytes:
      return "WRITE at " + std::to_string(op.offset) + size;
    case PageOp::kFlags:
      return "FLAGS " + std::to_string(op.number);
  }
  return "?";
}

}  // namespace

bool apply_changes(PageEditor page, ByteSpan changes) {
  ByteReader reader(changes);
  Operation op;
  while (!reader.empty()) {
    if (!take_operation(reader, op) || !possible(page, op)) return false;
    apply(page, op);
  }
  return true;
}

std::string describe_changes(ByteSpan changes) {
  std::string text;
  ByteReader reader(changes);
  Operation op;
  while (!reader.empty()) {
    if (!text.empty()) text += ", ";
    if (!take_operation(reader, op)) return text + "(damaged)";
    text += describe(op);
  }
  return text;
}

}  // namespace isolde::storage
