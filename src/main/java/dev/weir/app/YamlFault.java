package dev.weir.app;

import java.util.regex.Pattern;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** What is wrong with a file that is not YAML, and where: never what stands there, which may be a password. */
final class YamlFault {

    /** These a problem quotes, and a value that begins with * or ! is taken for one. */
    private static final Pattern QUOTED = Pattern.compile("\\b(alias|anchor|handle|tag)\\b.*", Pattern.DOTALL);

    private YamlFault() {}

    /** The end of a sentence: the problem, line and column; empty when it is not known. */
    static String where(RuntimeException fault) {
        if (!(fault instanceof MarkedYAMLException marked) || marked.getProblem() == null) {
            return "";
        }
        String problem = ": " + QUOTED.matcher(marked.getProblem()).replaceAll("$1");
        Mark mark = marked.getProblemMark();
        return mark == null
                ? problem
                : problem + ", at line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
    }
}
