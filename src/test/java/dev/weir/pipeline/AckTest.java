package dev.weir.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AckTest {

    private final List<String> answers = new ArrayList<>();
    private final Ack ack = new Ack() {
        @Override
        protected void onAccepted() {
            answers.add("accepted");
        }

        @Override
        protected void onRefused(Refusal refusal) {
            answers.add(refusal.reason().label());
        }
    };

    @Test
    void shouldSettleOnceAndNeverAgain() {
        ack.refuse(Refusal.permanent(Refusal.Reason.INVALID, "bad"));

        assertThatThrownBy(ack::accept).isInstanceOf(IllegalStateException.class);
        assertThat(answers).containsExactly("invalid");
        assertThat(ack.isSettled()).isTrue();
    }
}
