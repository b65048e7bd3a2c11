package dev.weir.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import picocli.CommandLine;

/** The program: {@code weir run}, {@code weir check}, {@code weir version}. */
@QuarkusMain
public final class Main {

    private Main() {}

    public static void main(String... args) {
        String[] words = args.length == 0 ? new String[] {"run"} : args;
        int code = new CommandLine(new WeirCommand()).execute(words);
        if (code != 0) {
            System.exit(code);
        }
    }
}
