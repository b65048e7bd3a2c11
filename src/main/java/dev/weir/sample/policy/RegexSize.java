package dev.weir.sample.policy;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How large a pattern is when its counted repetitions are written out: RE2 does that, and {@code ((a{1000}){1000}){1000}}
 * is short. An upper bound, not exact.
 */
final class RegexSize {

    static final long MAX = 10_000;

    private RegexSize() {}

    static long of(String regex) {
        Deque<Long> outer = new ArrayDeque<>();
        long size = 0;
        long last = 0;
        for (int i = 0; i < regex.length(); i++) {
            switch (regex.charAt(i)) {
                case '\\' -> {
                    i++;
                    last = 1;
                    size++;
                }
                case '[' -> {
                    i = endOfClass(regex, i);
                    last = 1;
                    size++;
                }
                case '(' -> {
                    outer.push(size);
                    size = 0;
                    last = 0;
                }
                case ')' -> {
                    last = size + 1;
                    size = (outer.isEmpty() ? 0 : outer.pop()) + last;
                }
                case '{' -> {
                    int close = endOfRepetition(regex, i);
                    if (close < 0) { // a brace like any other letter
                        last = 1;
                        size++;
                        break;
                    }
                    long times = repetitions(regex, i);
                    i = close;
                    size = Math.min(MAX * MAX, size + last * Math.max(0, times - 1));
                    last = Math.min(MAX * MAX, last * Math.max(1, times));
                }
                default -> {
                    last = 1;
                    size++;
                }
            }
        }
        return outer.stream().reduce(size, Long::sum);
    }

    private static int endOfClass(String regex, int open) {
        int i = open + 1;
        if (i < regex.length() && regex.charAt(i) == '^') {
            i++;
        }
        if (i < regex.length() && regex.charAt(i) == ']') {
            i++;
        }
        while (i < regex.length() && regex.charAt(i) != ']') {
            i += regex.charAt(i) == '\\' ? 2 : 1;
        }
        return i;
    }

    /** Where {@code {3}}, {@code {3,}} or {@code {3,5}} ends; −1 when it is none of these. */
    private static int endOfRepetition(String regex, int open) {
        int close = regex.indexOf('}', open);
        if (close <= open + 1 || !isDigit(regex.charAt(open + 1))) {
            return -1;
        }
        for (int i = open + 1; i < close; i++) {
            if (regex.charAt(i) != ',' && !isDigit(regex.charAt(i))) {
                return -1;
            }
        }
        return close;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** The greatest number in the braces: {@code {3}}, {@code {3,}}, {@code {3,5}}. */
    private static long repetitions(String regex, int open) {
        long greatest = 1;
        long number = 0;
        for (int i = open + 1; i < regex.length() && regex.charAt(i) != '}'; i++) {
            char c = regex.charAt(i);
            if (c == ',') {
                number = 0;
            } else if (isDigit(c) && number < MAX) {
                number = number * 10 + c - '0';
                greatest = Math.max(greatest, number);
            }
        }
        return greatest;
    }
}
