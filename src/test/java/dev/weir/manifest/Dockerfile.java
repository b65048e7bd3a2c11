package dev.weir.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a Dockerfile says, stage by stage, with its arguments' defaults put in. */
record Dockerfile(List<Stage> stages) {

    /** @param from the image it begins with; @param name after AS, or empty */
    record Stage(String from, String name, List<Instruction> instructions) {

        /** What follows a keyword, each time it stands there. */
        List<String> all(String keyword) {
            return instructions.stream()
                    .filter(one -> one.keyword().equals(keyword))
                    .map(Instruction::rest)
                    .toList();
        }
    }

    record Instruction(String keyword, String rest) {}

    static Dockerfile read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Dockerfile parse(String text) {
        Map<String, String> arguments = new HashMap<>();
        List<Stage> stages = new ArrayList<>();
        String joined = text.replaceAll("(?m)^#.*\\n", "").replaceAll("\\\\\\n\\s*", "");
        for (String line : joined.lines().filter(one -> !one.isBlank()).toList()) {
            String keyword = line.substring(0, line.indexOf(' '));
            String rest = line.substring(keyword.length()).strip();
            if (keyword.equals("ARG") && rest.contains("=")) {
                arguments.put(rest.substring(0, rest.indexOf('=')), rest.substring(rest.indexOf('=') + 1));
            }
            if (keyword.equals("FROM")) {
                for (Map.Entry<String, String> argument : arguments.entrySet()) {
                    rest = rest.replace("${" + argument.getKey() + "}", argument.getValue());
                }
                String[] words = rest.split(" AS ");
                stages.add(new Stage(words[0], words.length > 1 ? words[1] : "", new ArrayList<>()));
            } else if (!stages.isEmpty()) {
                stages.getLast().instructions().add(new Instruction(keyword, rest));
            }
        }
        return new Dockerfile(stages);
    }
}
