# What Python has no word for: bit scans, lazily touched memory, 128-bit integers and their divisions.
from libc.stdint cimport int64_t, uint32_t, uint64_t

cdef extern from * nogil:
    """
    #ifndef MATCHER_MACHINE
    #define MATCHER_MACHINE
    #include <stdint.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/mman.h>
    #ifndef MAP_NORESERVE
    #define MAP_NORESERVE 0
    #endif
    typedef __int128 int128;
    #define HUGE_PAGE ((size_t)2 << 20)

    static inline void *memory_or_die(void *p) {
        if (p == NULL || p == MAP_FAILED) {
            fprintf(stderr, "matcher: out of memory\\n");
            abort();
        }
        return p;
    }
    /* Zeroed pages that cost nothing until touched; large regions ask for huge pages. */
    static inline void *pages_reserve(size_t bytes) {
        size_t spare = bytes >= HUGE_PAGE ? HUGE_PAGE : 0;
        char *p = (char *)memory_or_die(mmap(NULL, bytes + spare, PROT_READ | PROT_WRITE,
                                             MAP_PRIVATE | MAP_ANON | MAP_NORESERVE, -1, 0));
        if (spare) {
            size_t head = (HUGE_PAGE - ((uintptr_t)p & (HUGE_PAGE - 1))) & (HUGE_PAGE - 1);
            size_t page = 1 << 16, tail = (spare - head) & ~(page - 1);
            if (head) munmap(p, head);
            p += head;
            if (tail) munmap(p + bytes + (spare - head - tail), tail);
    #ifdef MADV_HUGEPAGE
            madvise(p, bytes, MADV_HUGEPAGE);
    #endif
        }
        return p;
    }
    static inline void pages_release(void *p, size_t bytes) { if (p) munmap(p, bytes); }
    /* Small pages where touches are sparse and a huge page each would waste memory. */
    static inline void pages_sparse(void *p, size_t bytes) {
    #ifdef MADV_NOHUGEPAGE
        madvise(p, bytes, MADV_NOHUGEPAGE);
    #endif
    }
    static inline void pages_touch(void *p, size_t bytes) {
        for (size_t at = 0; at < bytes; at += 4096) ((volatile char *)p)[at] = 0;
    }
    /* A larger region with the old contents; the old one is gone. */
    static inline void *pages_extend(void *old, size_t old_bytes, size_t bytes) {
        void *p = pages_reserve(bytes);
        memcpy(p, old, old_bytes);
        pages_release(old, old_bytes);
        return p;
    }
    static inline void *buffer_resize(void *p, size_t bytes) { return memory_or_die(realloc(p, bytes)); }
    static inline void prefetch(const void *p) { __builtin_prefetch(p); }
    static inline uint64_t load_word(const void *p) { uint64_t w; memcpy(&w, p, 8); return w; }
    /* Bits of the bytes that a client's text may hold: - . / 0-9 : A-Z _ a-z */
    static const uint64_t TEXT_BYTES[4] = {0x07FFE00000000000ull, 0x07FFFFFE87FFFFFEull, 0, 0};
    static const char NO_TEXT[64];
    /* Whether `size` bytes, 64 at most, are such bytes, then only zeros. */
    static inline int is_text(const char *p, size_t size) {
        size_t i = 0;
        for (; i < size && p[i]; i++) {
            unsigned char c = (unsigned char)p[i];
            if (!(TEXT_BYTES[c >> 6] >> (c & 63) & 1)) return 0;
        }
        return memcmp(p + i, NO_TEXT, size - i) == 0;
    }
    static inline int64_t to_int64(int128 n) {
        return n > INT64_MAX ? INT64_MAX : n < -INT64_MAX ? -INT64_MAX : (int64_t)n;
    }
    static inline int128 magnitude(int128 n) { return n < 0 ? -n : n; }
    /* Toward zero; d > 0. The short way is taken whenever the dividend fits. */
    static inline int128 divide(int128 n, int64_t d) {
        return (int128)(int64_t)n == n ? (int64_t)n / d : n / d;
    }
    /* Toward plus infinity; d > 0. */
    static inline int128 divide_up(int128 n, int64_t d) {
        int128 q = divide(n, d);
        return q + (n > q * d);
    }
    /* Toward minus infinity; d > 0. */
    static inline int128 divide_down(int128 n, int128 d) {
        int128 q = n / d;
        return q - (n < q * d);
    }
    #define PPB 1000000000
    /* More than any balance there can be, and a whole asset times it still fits. */
    #define ABOUNDING ((int128)1000000000 * 1000000000 * 100000000000)
    /* n x rate / 10^9 with |rate| <= 10^9, toward zero and toward plus infinity. */
    static inline int128 share(int128 n, int64_t rate) {
        if ((int128)(int64_t)n == n) {
            int64_t m = (int64_t)n;
            return (int128)(m / PPB) * rate + m % PPB * rate / PPB;
        }
        return n / PPB * rate + n % PPB * rate / PPB;
    }
    static inline int128 share_up(int128 n, int64_t rate) {
        int128 whole = (n / PPB) * rate;
        int64_t rest;
        if ((int128)(int64_t)n == n) {
            int64_t m = (int64_t)n;
            whole = (int128)(m / PPB) * rate;
            rest = m % PPB * rate;
        } else {
            rest = (int64_t)(n % PPB) * rate;
        }
        return whole + rest / PPB + (rest % PPB > 0);
    }
    #endif
    """
    ctypedef long long int128
    int128 ABOUNDING
    int lowest_bit "__builtin_ctzll" (unsigned long long)
    int leading_zeros "__builtin_clzll" (unsigned long long)
    void *pages_reserve(size_t bytes)
    void pages_release(void *p, size_t bytes)
    void pages_sparse(void *p, size_t bytes)
    void pages_touch(void *p, size_t bytes)
    void *pages_extend(void *old, size_t old_bytes, size_t bytes)
    void *buffer_resize(void *p, size_t bytes)
    void prefetch(const void *p)
    uint64_t load_word(const void *p)
    bint is_text(const char *p, size_t size)
    int64_t to_int64(int128 n)
    int128 magnitude(int128 n)
    int128 divide(int128 n, int64_t d)
    int128 divide_up(int128 n, int64_t d)
    int128 divide_down(int128 n, int128 d)
    int128 share(int128 n, int64_t rate)
    int128 share_up(int128 n, int64_t rate)
