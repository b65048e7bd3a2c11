package dev.weir.receive;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.internal.ThreadExecutorMap;

/** The {@link LoopWatch} of each event loop. */
final class Watches {

    private final FastThreadLocal<LoopWatch> watch = new FastThreadLocal<>() {
        @Override
        protected LoopWatch initialValue() {
            EventExecutor loop = ThreadExecutorMap.currentExecutor();
            if (loop == null) {
                throw new IllegalStateException("not on an event loop");
            }
            return new LoopWatch(loop);
        }
    };

    LoopWatch ofThisLoop() {
        return watch.get();
    }
}
