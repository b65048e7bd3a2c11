package dev.weir.admin;

import jakarta.ws.rs.NotFoundException;

/** The answer where there is no tail sampling. */
final class TailOff {

    private TailOff() {}

    static NotFoundException exception() {
        return new NotFoundException("there is no tail sampling: it is on when weir.sample.tail has policies");
    }
}
