package dev.weir.sample.tail;

import dev.weir.sample.policy.Rules;

/**
 * Tail sampling whole: what holds and decides, and the policies by which.
 *
 * @param policies read again when they change
 */
public record TailSampling(TailStage stage, PolicyFile<Rules> policies) implements AutoCloseable {

    @Override
    public void close() {
        policies.close();
        stage.close();
    }
}
