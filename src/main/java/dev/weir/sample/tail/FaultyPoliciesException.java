package dev.weir.sample.tail;

import java.util.List;

/** Policies that cannot be used. */
public final class FaultyPoliciesException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    /** @param faults one sentence each, at least one */
    public FaultyPoliciesException(List<String> faults) {
        super(String.join("; ", faults));
        this.faults = List.copyOf(faults);
    }

    public List<String> faults() {
        return faults;
    }
}
