package dev.weir.enrich.envoy;

import java.util.List;

/**
 * One row of a table: tags, of which the first that can be read counts, and the attributes that are made of it.
 *
 * @param attributes what {@code conversion} may write, by the number that it uses for each
 * @param fate what becomes of the tag, where tags are replaced
 * @param recurs whether what the text becomes is remembered: most spans have the same, it says all, and no other row writes the
 *     attributes
 */
record Row(List<String> tags, When when, Conversion conversion, List<String> attributes, Fate fate, boolean recurs) {

    /** What becomes of a tag whose attributes say the same. */
    enum Fate {
        /** Stays: others read it under its own name. */
        KEPT,
        /** Stays, unless it says nothing. */
        KEPT_IF_SAID,
        /** Is taken out. */
        REPLACED
    }

    /** On which spans a tag means what the row says. */
    enum When {
        ALWAYS,
        /** On a span of a request that came in, and on one of an attempt: elsewhere {@code peer.address} is the caller. */
        SERVER_OR_UPSTREAM
    }

    static Row replaced(String tag, Conversion conversion, String... attributes) {
        return new Row(List.of(tag), When.ALWAYS, conversion, List.of(attributes), Fate.REPLACED, false);
    }

    static Row kept(String tag, Conversion conversion, String... attributes) {
        return new Row(List.of(tag), When.ALWAYS, conversion, List.of(attributes), Fate.KEPT, false);
    }
}
