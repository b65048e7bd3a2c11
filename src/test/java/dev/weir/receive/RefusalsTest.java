package dev.weir.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Refusal.Reason;
import org.junit.jupiter.api.Test;

class RefusalsTest {

    @Test
    void shouldLetASenderTryAgainWhatThereWasNoMemoryFor() {
        OutOfMemoryError fault = new OutOfMemoryError("Java heap space");

        assertThat(Refusals.undecoded(fault))
                .returns(true, Refusal::isRetryable)
                .returns(Reason.MEMORY, Refusal::reason);
        assertThat(Refusals.unprocessed(fault))
                .returns(true, Refusal::isRetryable)
                .returns(Reason.MEMORY, Refusal::reason);
    }

    @Test
    void shouldNotLetASenderRepeatWhatFindsABugInDecoding() {
        assertThat(Refusals.undecoded(new ArrayIndexOutOfBoundsException(-1)).isRetryable())
                .isFalse();
        assertThat(Refusals.unprocessed(new IllegalStateException()).isRetryable())
                .isTrue();
    }
}
