package dev.weir.sample.policy;

/** A policy about one span: any span of the trace may fulfil it. */
interface SpanPolicy extends Policy {

    @Override
    SpanCondition spanCondition();

    @Override
    default TraceCondition condition() {
        return new TraceCondition.Any(spanCondition());
    }
}
