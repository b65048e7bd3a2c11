package dev.weir.enrich.envoy;

/** Turns the text of a tag into attributes. Stateless; does not throw, whatever the text is. */
@FunctionalInterface
interface Conversion {

    /** Whether the text was understood; only then has anything been written. */
    boolean convert(byte[] bytes, int from, int to, Target out);
}
