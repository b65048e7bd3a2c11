package dev.weir.receive;

/** A door could not be opened. The message is one sentence that names the port, its key and the reason. */
public final class DoorException extends Exception {

    private static final long serialVersionUID = 1L;

    DoorException(String message, Throwable cause) {
        super(message, cause);
    }
}
