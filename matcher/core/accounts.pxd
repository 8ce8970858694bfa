# The C types behind accounts.py.
import cython
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

cdef enum:
    SPREAD = 0x9E3779B97F4A7C15
    FIRST_ROOM = 1 << 16
    FIRST_PAIRS = 1 << 8

cdef struct Account:
    uint32_t group
    int32_t maker_fee_ppb
    int32_t taker_fee_ppb
    uint32_t first_position         # by ascending instrument, side
    uint32_t first_wallet           # by ascending asset
    uint8_t fee_override
    uint8_t state
    uint8_t is_open
    uint8_t position_mode
    uint8_t multi_assets
    uint8_t is_fund                 # of at least one asset
    uint8_t is_limited              # or was: limits.Limits knows how
    uint8_t rest[5]

cdef struct Wallet:
    int64_t wallet_units
    int64_t updated_ns
    uint32_t account
    uint32_t next
    uint16_t asset
    uint8_t existed                 # a deposit or a fill has touched it
    uint8_t rest[5]

cdef struct Position:               # one leg in two cache lines; the arrays are by side
    int64_t position_lots
    int64_t cost_units
    int64_t realized_pnl_units
    int64_t updated_ns
    int64_t value[2]                # price_ticks x leaves_lots of resting orders that may open
    int64_t lots[2]
    int64_t reduce_only_lots[2]
    uint32_t account
    uint32_t wallet
    uint32_t oldest                 # open orders by order_id
    uint32_t youngest
    uint32_t open_orders            # resting ones, and one that is being matched
    uint32_t next                   # of the same account
    int64_t isolated_units          # of the wallet, set apart for this leg
    uint32_t held_at                # place in its instrument's list of holders, 0 while flat
    uint16_t instrument
    uint16_t leverage               # 0 until set; a copy of BOTH's on the other legs, as is margin_mode
    uint8_t position_side
    uint8_t margin_mode
    uint8_t is_trusted              # holders.Holders knows marks that are safe
    uint8_t rest
    uint32_t waiting_orders         # open too, but for a price that was not reached yet

cdef struct Pair:
    uint64_t key                    # account << 16 | asset, or instrument | position_side << 10; 0 = empty
    uint32_t index

cdef struct Pairs:                  # grows; nothing ever leaves
    Pair *at
    uint32_t mask
    uint32_t count

@cython.final
cdef class Accounts:
    cdef Account *at
    cdef Wallet *wallets
    cdef Position *positions
    cdef uint64_t *owing            # a bit an account: it has a wallet below zero
    cdef uint32_t accounts_max
    cdef uint32_t last_account      # highest number opened
    cdef uint32_t open_accounts
    cdef uint32_t wallet_count      # index 0 is a scratch record in both tables
    cdef uint32_t wallet_room
    cdef uint32_t position_count
    cdef uint32_t position_room
    cdef Pairs wallet_pairs
    cdef Pairs position_pairs

    cdef bint is_open(self, uint32_t account) noexcept nogil
    cdef uint32_t find_wallet(self, uint32_t account, uint16_t asset) noexcept nogil
    cdef uint32_t find_position(self, uint32_t account, uint16_t instrument, int position_side) noexcept nogil
    cdef uint32_t touch_wallet(self, uint32_t account, uint16_t asset) noexcept nogil
    cdef uint32_t touch_position(self, uint32_t account, uint16_t instrument, int position_side, uint16_t asset) noexcept nogil
    cdef uint32_t draft_position(self, uint32_t account, uint16_t instrument, int position_side, uint16_t asset) noexcept nogil
    cdef void note_debt(self, uint32_t account) noexcept nogil
    cdef bint owes(self, uint32_t account) noexcept nogil
    cdef uint32_t next_owing(self, uint32_t above) noexcept nogil
    cdef void reserve_tables(self, uint32_t wallets, uint32_t positions) noexcept nogil
    cdef void make_room(self, uint32_t wallets, uint32_t positions) noexcept nogil
    cdef void _release_tables(self) noexcept nogil
    cdef void reindex(self) noexcept nogil

cdef bint is_leg_of(const Account *account, int position_side) noexcept nogil
cdef uint64_t _leg(uint32_t account, uint16_t instrument, int position_side) noexcept nogil
cdef uint64_t _rank(const Position *position) noexcept nogil
cdef void close_pairs(Pairs *pairs) noexcept nogil
cdef uint32_t _home(uint64_t key) noexcept nogil
cdef uint32_t find_pair(Pairs *pairs, uint64_t key) noexcept nogil
cdef void insert_pair(Pairs *pairs, uint64_t key, uint32_t index) noexcept nogil
