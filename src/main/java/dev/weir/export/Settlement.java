package dev.weir.export;

import java.util.List;

/** What becomes of the requests of a {@link Lane}; called on its loop. */
interface Settlement {
    void began(Piece piece);

    void answered(Piece piece, Outcome outcome, long tookNanos);

    /** Part of the items were rejected by the destination. */
    void sent(Piece piece, long rejected);

    void dropped(Piece piece, String reason, String why);

    /**
     * Takes room in the queue beside what the requests take.
     *
     * @param always even when there is none
     * @return whether it was taken
     */
    boolean takeRoom(long bytes, boolean always);

    void leaveRoom(long bytes);

    /** The piece is settled by the settlement of its parts, which take room of their own, whether there is any or not. */
    void split(Piece piece, List<Piece> parts);

    void cancelled();

    /** A bug of ours: the piece is dropped unless it is settled already. Never throws. */
    void broke(Piece piece, Throwable fault);
}
