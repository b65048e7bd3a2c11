package dev.weir.sample.policy;

import dev.weir.sample.ratio.Threshold;
import java.util.List;

/** What becomes of the traces that fulfil a policy's condition: each gets a threshold T, and is kept if its R ≥ T. */
public sealed interface Outcome {

    /** All are kept. */
    Outcome KEEP = new Fixed(Threshold.ALWAYS);

    /** None is kept. */
    Outcome DROP = new Fixed(Threshold.NEVER);

    /** Always this threshold. */
    record Fixed(long threshold) implements Outcome {}

    /** A threshold chosen trace by trace. */
    record Chosen(ThresholdSource.Settings settings) implements Outcome {}

    /** The greatest of their thresholds. */
    record Greatest(List<Outcome> outcomes) implements Outcome {
        public Greatest {
            outcomes = List.copyOf(outcomes);
        }
    }

    /** The least of the thresholds of those alternatives whose condition holds. */
    record Least(List<Alternative> alternatives) implements Outcome {
        public Least {
            alternatives = List.copyOf(alternatives);
        }
    }

    /** The threshold of the first alternative whose condition holds. */
    record First(List<Alternative> alternatives) implements Outcome {
        public First {
            alternatives = List.copyOf(alternatives);
        }
    }

    /** An outcome for the traces that fulfil the condition. */
    record Alternative(TraceCondition condition, Outcome outcome) {}
}
