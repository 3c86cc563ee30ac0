// The limit for bench/engine.py: the same tables and the same answers as a plain loop in C++, written without regard to
// how the server does it. Single-label models without a hierarchy, words and character n-grams within words.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

struct KeyTable {
    const int64_t *multipliers;
    const int32_t *slots;
    const int64_t *keys;
    const float *rows;
    uint64_t buckets, slot_count;

    const float *find(uint64_t key, int width) const {
        uint64_t slot = key * uint64_t(multipliers[key % buckets]) % 2147483647u % slot_count;
        int32_t row = slots[slot];
        return keys[row] == int64_t(key) ? rows + size_t(row) * width : nullptr;
    }
};

struct Model {
    KeyTable words, grams;
    const bool *word_class;
    const int64_t *word_factors, *gram_factors, *join_factors;
    const double *steps, *offsets, *curve;
    int64_t labels, word_max, char_min, char_max, class_last, word_positions, curve_last;
};

static const uint64_t MASK = (uint64_t(1) << 44) - 4;

struct Sums {
    std::vector<float> chunk;
    std::vector<double> total;
    int pending = 0;

    explicit Sums(int width) : chunk(width), total(width) {}

    void add(const float *row) {
        if (!row) return;
        for (size_t i = 0; i < chunk.size(); i++) chunk[i] += row[i];
        if (++pending == 64) flush();
    }

    void flush() {
        for (size_t i = 0; i < chunk.size(); i++) total[i] += chunk[i];
        std::fill(chunk.begin(), chunk.end(), 0.0f);
        pending = 0;
    }

    void clear() { std::fill(total.begin(), total.end(), 0.0); }
};

static uint64_t lower(uint64_t c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }

template <typename Code> static void add_grams(const Model &m, const Code *word, int64_t length, Sums &sums) {
    for (int64_t start = -1; start < length - 1; start++) {
        uint64_t key = 0;
        for (int64_t i = 0; i < m.char_max && start + i <= length; i++) {
            int64_t at = start + i;
            uint64_t c = at < 0 || at == length ? ' ' : lower(word[at]);
            key += ((c + 1) * m.gram_factors[i]) & MASK;
            if (i + 1 >= m.char_min) sums.add(m.grams.find((key & MASK) + 3, sums.chunk.size()));
        }
    }
}

static void softmax(const Model &m, const std::vector<double> &total, std::vector<double> &shares, float *out) {
    double norm = std::sqrt(std::max(total[m.labels], 1.0)), largest = -INFINITY, all = 0;
    for (int64_t i = 0; i < m.labels; i++) {
        shares[i] = total[i] / norm * m.steps[i] + m.offsets[i];
        largest = std::max(largest, shares[i]);
    }
    for (int64_t i = 0; i < m.labels; i++) {
        double distance = std::min((largest - shares[i]) * 4.0, double(m.curve_last));
        int64_t point = int64_t(distance);
        shares[i] = std::floor(m.curve[2 * point] + m.curve[2 * point + 1] * (distance - point));
        all += shares[i];
    }
    for (int64_t i = 0; i < m.labels; i++) out[i] = float(shares[i] / all);
}

template <typename Code> static void score(const Model &m, const Code *codes, int64_t texts, float *out) {
    int width = m.labels + 1;
    Sums sums(width);
    std::vector<double> shares(m.labels);
    for (int64_t text = 0; text < texts; text++, codes++) {
        sums.clear();
        uint64_t before[2] = {0, 0};
        int64_t words = 0;
        while (*codes) {
            const Code *begin = codes;
            uint64_t key = 0;
            for (; m.word_class[std::min<int64_t>(*codes, m.class_last)]; codes++)
                key += ((lower(*codes) + 1) * m.word_factors[std::min<int64_t>(codes - begin, m.word_positions - 1)]) & MASK;
            if (codes == begin) {
                codes++;
                continue;
            }
            key &= MASK;
            const float *row = m.words.find(key, width);
            sums.add(row);
            if (!row && m.char_max) add_grams(m, begin, codes - begin, sums);
            if (m.word_max > 1 && words > 0)
                sums.add(m.words.find(((before[0] + key * m.join_factors[1]) & MASK) + 1, width));
            if (m.word_max > 2 && words > 1)
                sums.add(m.words.find(
                    ((before[1] + before[0] * m.join_factors[1] + key * m.join_factors[2]) & MASK) + 2, width));
            before[1] = before[0];
            before[0] = key;
            words++;
        }
        sums.flush();
        softmax(m, sums.total, shares, out + text * m.labels);
    }
}

extern "C" void score_bytes(const Model *m, const uint8_t *codes, int64_t texts, float *out) {
    score(*m, codes, texts, out);
}

extern "C" void score_points(const Model *m, const int32_t *codes, int64_t texts, float *out) {
    score(*m, codes, texts, out);
}
