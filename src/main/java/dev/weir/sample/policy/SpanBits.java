package dev.weir.sample.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers the conditions about one span: those that traces are asked about come first, they are folded into the trace;
 * what these are made of comes after. Equal conditions share a bit.
 */
final class SpanBits {

    /** Most conditions that all policies together may have. */
    static final int MAX = 512;

    private final Map<SpanCondition, Integer> bits = new LinkedHashMap<>();
    private final List<Integer> counted = new ArrayList<>();
    private int results;

    /** The bit of a condition that traces are asked about. All of them are asked for before {@link #seal}. */
    int result(SpanCondition condition) {
        return bits.computeIfAbsent(condition, c -> bits.size());
    }

    /** The index of the count of spans that fulfil the condition. */
    int count(SpanCondition condition) {
        int bit = result(condition);
        int index = counted.indexOf(bit);
        if (index < 0) {
            index = counted.size();
            counted.add(bit);
        }
        return index;
    }

    void seal() {
        results = bits.size();
        for (SpanCondition condition : List.copyOf(bits.keySet())) {
            addLeaves(condition);
        }
    }

    private void addLeaves(SpanCondition condition) {
        switch (condition) {
            case SpanCondition.And and -> and.conditions().forEach(this::addLeaves);
            case SpanCondition.Or or -> or.conditions().forEach(this::addLeaves);
            case SpanCondition.Not not -> addLeaves(not.condition());
            default -> bits.putIfAbsent(condition, bits.size());
        }
    }

    int of(SpanCondition condition) {
        Integer bit = bits.get(condition);
        if (bit == null) {
            throw new IllegalStateException("not numbered: " + condition);
        }
        return bit;
    }

    Map<SpanCondition, Integer> all() {
        return bits;
    }

    /** How many of the bits are folded into the trace. */
    int results() {
        return results;
    }

    int size() {
        return bits.size();
    }

    int words() {
        return words(bits.size());
    }

    int resultWords() {
        return words(results);
    }

    int[] counted() {
        return counted.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int words(int bits) {
        return (bits + Long.SIZE - 1) / Long.SIZE;
    }
}
