package dev.weir.enrich.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of docs/components/mesh.md name exactly what is written, and of what. */
class MeshDocsTest {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @Test
    void shouldDocumentExactlyTheAttributesThatTheDialectWrites() throws Exception {
        List<String> documented = rows("## Attributes from Envoy's tags").stream()
                .flatMap(row -> codes(row[1]).stream())
                .toList();

        assertThat(documented)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(new EnvoyDialect(false, false).attributes());
    }

    @Test
    void shouldDocumentTheTagOfEachAttributeAndWhetherItStays() throws Exception {
        List<String[]> table = rows("## Attributes from Envoy's tags");
        List<Row> all = new ArrayList<>(EnvoyTags.ROWS);
        all.add(EnvoyTags.PEER_ADDRESS);
        for (Row row : all) {
            for (String attribute : row.attributes()) {
                String[] cells = table.stream()
                        .filter(each -> codes(each[1]).contains(attribute))
                        .findFirst()
                        .orElseThrow();
                if (!cells[2].equals("the same")) {
                    assertThat(codes(cells[2])).as(attribute).containsAll(row.tags());
                }
                if (!cells[4].isEmpty()) {
                    assertThat(cells[4]).as(attribute).startsWith(row.fate() == Row.Fate.REPLACED ? "goes" : "stays");
                }
            }
        }
    }

    @Test
    void shouldDocumentExactlyWhatIsMadeOfResources() throws Exception {
        Set<String> written = new HashSet<>();
        for (Map<String, String> table : List.of(ProxyResource.ENVOY_ACCESS_LOG, ProxyResource.LINKERD_SPANS)) {
            written.addAll(table.values());
        }

        assertThat(rows("## Attributes from proxies' resources").stream().flatMap(row -> codes(row[2]).stream()))
                .containsExactlyInAnyOrderElementsOf(written);
    }

    /** The cells of the first table below a heading, without its two first lines. */
    private static List<String[]> rows(String heading) throws Exception {
        String page = Files.readString(Path.of("docs/components/mesh.md"));
        assertThat(page).contains(heading);
        return page.substring(page.indexOf(heading))
                .lines()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .map(line -> {
                    String[] cells = line.split("\\|", -1);
                    for (int i = 0; i < cells.length; i++) {
                        cells[i] = cells[i].strip();
                    }
                    return cells;
                })
                .toList();
    }

    private static List<String> codes(String cell) {
        return CODE.matcher(cell).results().map(match -> match.group(1)).toList();
    }
}
