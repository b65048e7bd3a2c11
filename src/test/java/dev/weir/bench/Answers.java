package dev.weir.bench;

/** Is told what became of each request that was sent. */
interface Answers {

    /** @param refusal null when all of it was taken */
    void answered(Request request, @org.jspecify.annotations.Nullable String refusal);
}
