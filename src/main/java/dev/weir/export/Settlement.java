package dev.weir.export;

/** What becomes of the requests of a {@link Lane}; called on its loop. */
interface Settlement {
    void began(Piece piece);

    void answered(Piece piece, Outcome outcome, long tookNanos);

    /** Part of the items were rejected by the destination. */
    void sent(Piece piece, long rejected);

    void dropped(Piece piece, String reason, String why);

    /** The piece is settled by the settlement of what it was cut into. */
    void split(Piece piece, int parts);

    void cancelled();

    /** A bug of ours: the piece is dropped unless it is settled already. Never throws. */
    void broke(Piece piece, Throwable fault);
}
