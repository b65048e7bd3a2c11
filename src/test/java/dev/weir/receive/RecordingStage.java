package dev.weir.receive;

import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Stage;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Keeps what it is given and does with it what the test says: accepts, refuses, or does nothing yet. */
final class RecordingStage implements Stage {

    final List<Payload> payloads = new CopyOnWriteArrayList<>();
    private final Ledger ledger;
    private volatile Consumer<Payload> answer;

    RecordingStage(Ledger ledger) {
        this.ledger = ledger;
        this.answer = this::acceptAndDeliver;
    }

    void refusing(Refusal refusal) {
        answer = payload -> payload.ack().refuse(refusal);
    }

    void silent() {
        answer = payload -> {};
    }

    void answering(Consumer<Payload> how) {
        answer = how;
    }

    @Override
    public void accept(Payload payload) {
        payloads.add(payload);
        answer.accept(payload);
    }

    void acceptAndDeliver(Payload payload) {
        ledger.delivered(payload.signal(), payload.items());
        payload.ack().accept();
    }

    @Override
    public void drain(Deadline deadline) {}
}
