package dev.weir.sample.ratio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.otlp.OtlpFormatException;
import dev.weir.otlp.RequestScanner;
import dev.weir.pipeline.Ack;
import dev.weir.pipeline.Deadline;
import dev.weir.pipeline.Ledger;
import dev.weir.pipeline.MemoryBudget;
import dev.weir.pipeline.Payload;
import dev.weir.pipeline.Refusal;
import dev.weir.pipeline.Sender;
import dev.weir.pipeline.Signal;
import dev.weir.pipeline.Stage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A ratio stage between a door that counts what it takes and a stage that takes, or refuses, everything. */
final class StageFixture {

    final Ledger ledger = new Ledger();
    final MemoryBudget budget;
    final List<Payload> passedOn = new ArrayList<>();
    final List<String> answers = new ArrayList<>();
    final RatioStage stage;

    private @Nullable Refusal refusal;

    StageFixture(double traces, double logs, RatioConfig.Mode mode, long memory) {
        budget = new MemoryBudget(memory, 0, 0, 0);
        stage = new RatioStage(config(traces, logs, mode), budget, ledger, new Stage() {
            @Override
            public void accept(Payload payload) {
                passedOn.add(payload);
                if (refusal == null) {
                    ledger.delivered(payload.signal(), payload.items());
                    payload.ack().accept();
                } else {
                    payload.ack().refuse(refusal);
                }
            }

            @Override
            public void drain(Deadline deadline) {}
        });
    }

    static StageFixture of(double ratio, RatioConfig.Mode mode) {
        return new StageFixture(ratio, ratio, mode, 1L << 30);
    }

    static RatioConfig config(double traces, double logs, RatioConfig.Mode mode) {
        return new RatioConfig() {
            @Override
            public double traces() {
                return traces;
            }

            @Override
            public double logs() {
                return logs;
            }

            @Override
            public Mode mode() {
                return mode;
            }
        };
    }

    void refuseFromNowOn(Refusal with) {
        refusal = with;
    }

    /** Sends a request and returns what was passed on, or null. Everything must balance afterwards. */
    @Nullable
    Payload send(Signal signal, byte[] request) {
        int before = passedOn.size();
        int items = scan(signal, request);
        stage.accept(
                new Payload(signal, request, items, new Sender(Sender.Protocol.GRPC, null, "peer:1", 1), 0, new Ack() {
                    @Override
                    protected void onAccepted() {
                        ledger.received(signal, items);
                        answers.add("accepted");
                    }

                    @Override
                    protected void onRefused(Refusal why) {
                        answers.add(why.reason().label());
                    }
                }));
        assertThat(ledger.violations()).isEmpty();
        assertThat(budget.used()).isZero();
        if (passedOn.size() == before) {
            return null;
        }
        Payload payload = passedOn.getLast();
        assertThat(scan(signal, payload.bytes())).isEqualTo(payload.items());
        return payload;
    }

    private static int scan(Signal signal, byte[] request) {
        try {
            return new RequestScanner().scan(signal.requestType(), request);
        } catch (OtlpFormatException e) {
            throw new AssertionError(e);
        }
    }
}
