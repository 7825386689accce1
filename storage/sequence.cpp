#include "storage/sequence.hpp"

#include <array>

#include "storage/change.hpp"

namespace isolde::storage {

using base::Result;
using base::Status;

namespace {

constexpr int kLogAhead = 32;
// last value i64 | is called u64 | log count i64
constexpr size_t kItemSize = 24;
using ItemBytes = std::array<std::byte, kItemSize>;

ItemBytes encode(const SequenceState& state) {
  ItemBytes bytes;
  store(bytes.data(), state.last_value);
  store(bytes.data() + 8, uint64_t{state.is_called});
  store(bytes.data() + 16, state.log_count);
  return bytes;
}

SequenceState decode(ByteSpan item) {
  return {load<int64_t>(item.data()), load<uint64_t>(item.data() + 8) != 0,
          load<int64_t>(item.data() + 16)};
}

/// Nothing at the end of a sequence that does not cycle.
std::optional<int64_t> number_after(const SequenceState& state, const SequenceRules& rules) {
  if (!state.is_called) return state.last_value;
  const bool up = rules.increment > 0;
  int64_t next;
  const bool overflow = __builtin_add_overflow(state.last_value, rules.increment, &next);
  if (!overflow && (up ? next <= rules.max_value : next >= rules.min_value)) return next;
  if (!rules.cycle) return std::nullopt;
  return up ? rules.min_value : rules.max_value;
}

/// Takes up to kLogAhead numbers in advance; log_count of the result says how many it got.
SequenceState look_ahead(SequenceState state, const SequenceRules& rules) {
  state.log_count = 0;
  while (state.log_count < kLogAhead) {
    auto next = number_after(state, rules);
    if (!next) break;
    state.last_value = *next;
    ++state.log_count;
  }
  return state;
}

/// Without a record: see invariant 1 for when this may be.
void change_in_memory(ExclusivePage& page, const SequenceState& state) {
  PageEditor editor = page.ref().hint_editor();
  const ItemBytes bytes = encode(state);
  std::memcpy(editor.data() + editor.line(0).offset, bytes.data(), bytes.size());
}

}  // namespace

Result<ExclusivePage> Sequence::latch() {
  auto ref = store_.pool().fetch({relation_, Fork::kMain, BlockNumber{0}});
  if (!ref) return ref.take_error();
  ExclusivePage page(std::move(*ref));
  if (auto wrong = verify_sequence_page(page.view()))
    return base::Error(
        base::sqlstate::kDataCorrupted,
        "sequence " + relation_path(relation_, Fork::kMain) + " is damaged: " + *wrong);
  return page;
}

Result<Lsn> Sequence::write(ExclusivePage& page, const SequenceState& state) {
  Change change(store_.pool(), store_.wal(), RecordKind::kSequence, TxnId{});
  change.on(page).format(PageType::kSequence).put_item(0, encode(state));
  return change.commit();
}

Status Sequence::create(int64_t start, bool is_called) {
  auto page = store_.pool().extend(relation_, Fork::kMain);
  if (!page) return page.take_error();
  auto lsn = write(*page, {start, is_called, 0});
  return lsn ? Status() : Status(lsn.take_error());
}

Result<SequenceNumber> Sequence::advance(const SequenceRules& rules) {
  auto page = latch();
  if (!page) return page.take_error();
  SequenceState state = decode(page->view().item(0));
  const auto next = number_after(state, rules);
  if (!next) return SequenceNumber{std::nullopt, page->view().lsn()};
  state.last_value = *next;
  state.is_called = true;
  // Dirty before the look at the redo place: a checkpoint that begins after that look writes the
  // page once we give the latch back.
  store_.pool().mark_dirty(page->ref());
  if (state.log_count > 0 && page->view().lsn() > store_.wal().redo_lsn()) {
    --state.log_count;
  } else {
    SequenceState logged = look_ahead(state, rules);
    state.log_count = std::exchange(logged.log_count, 0);
    if (auto lsn = write(*page, logged); !lsn) return lsn.take_error();
  }
  change_in_memory(*page, state);
  return SequenceNumber{next, page->view().lsn()};
}

Result<Lsn> Sequence::set(int64_t value, bool is_called) {
  auto page = latch();
  if (!page) return page.take_error();
  return write(*page, {value, is_called, 0});
}

Result<SequenceState> Sequence::read() {
  auto page = latch();
  if (!page) return page.take_error();
  return decode(page->view().item(0));
}

std::optional<std::string> verify_sequence_page(PageView page) {
  if (auto wrong = verify_page_layout(page)) return wrong;
  if (page.type() != PageType::kSequence) return "not a sequence's page";
  if (page.slot_count() != 1 || page.line(0).state != LineState::kNormal ||
      page.line(0).length != kItemSize)
    return "not one item of the right length";
  return std::nullopt;
}

}  // namespace isolde::storage
