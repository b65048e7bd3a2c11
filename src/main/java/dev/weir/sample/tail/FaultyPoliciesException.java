package dev.weir.sample.tail;

import java.util.List;

/** A file whose policies cannot be used, because of them or of what else stands in it. */
public final class FaultyPoliciesException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;
    private final boolean arePoliciesFaulty;

    /** @param faults of the policies; one sentence each, at least one */
    public FaultyPoliciesException(List<String> faults) {
        this(faults, true);
    }

    /**
     * @param faults of the file, one sentence each, at least one
     * @param arePoliciesFaulty whether the policies have any of them
     */
    public FaultyPoliciesException(List<String> faults, boolean arePoliciesFaulty) {
        super(String.join("; ", faults));
        this.faults = List.copyOf(faults);
        this.arePoliciesFaulty = arePoliciesFaulty;
    }

    /** Whether the policies themselves have a fault. */
    public boolean arePoliciesFaulty() {
        return arePoliciesFaulty;
    }

    public List<String> faults() {
        return faults;
    }
}
