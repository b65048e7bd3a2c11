package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.manifest.Overlay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every folder with a {@code kustomization.yaml}, and what the real kustomize (the one in kubectl) makes of it. */
final class Kustomize {

    private static final List<Path> ROOTS =
            List.of(Path.of("kubernetes"), Path.of("istio"), Path.of("linkerd"), Path.of("examples"));
    private static final Path TARGET = Path.of("target");
    private static final List<String> BELOW_COMPONENTS =
            List.of("kubernetes/overlays/development", "kubernetes/overlays/ratio", "kubernetes/overlays/tail");

    private Kustomize() {}

    /**
     * Overlays, and other folders that none builds upon; then each component that none of them uses, over the plain
     * overlays.
     */
    static List<Path> folders() {
        List<Path> all = ROOTS.stream()
                .filter(Files::isDirectory)
                .flatMap(Kustomize::kustomizations)
                .toList();
        Set<Path> used = all.stream().flatMap(Kustomize::uses).collect(Collectors.toSet());
        List<Path> folders = new ArrayList<>(all.stream()
                .filter(folder -> !isComponent(folder)
                        && (!used.contains(folder) || folder.getParent().endsWith("overlays")))
                .toList());
        all.stream()
                .filter(folder -> isComponent(folder) && !used.contains(folder))
                .forEach(component -> BELOW_COMPONENTS.stream()
                        .map(Path::of)
                        .filter(below -> isFor(below, component))
                        .forEach(below -> folders.add(over(below, component))));
        return folders;
    }

    /** The file with the documents of a folder, in {@code directory}. That there is nothing to warn of is asserted. */
    static Path build(Path directory, Path folder) {
        Path file = directory.resolve(folder.toString().replace('/', '-') + ".yaml");
        String said = Commands.run(
                directory,
                List.of(
                        Peers.program("kubectl"),
                        "kustomize",
                        folder.toAbsolutePath().toString(),
                        "--output=" + file));
        assertThat(said).isEmpty();
        return file;
    }

    static Overlay overlay(Path directory, Path folder) {
        try {
            return Overlay.of(folder.toString(), Files.readString(build(directory, folder)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> kustomizations(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files
                    .filter(file -> file.endsWith("kustomization.yaml"))
                    .map(Path::getParent)
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isComponent(Path folder) {
        return text(folder).contains("\nkind: Component\n");
    }

    /** The folders that one names. */
    private static Stream<Path> uses(Path folder) {
        return Pattern.compile("[^\\s,\\[\\]]*/[^\\s,\\[\\]]+")
                .matcher(text(folder))
                .results()
                .map(word -> folder.resolve(word.group()).normalize())
                .filter(path -> Files.exists(path.resolve("kustomization.yaml")));
    }

    /** Of those that end with an overlay's name only the one that fits. */
    private static boolean isFor(Path overlay, Path component) {
        String name = component.getFileName().toString();
        return BELOW_COMPONENTS.stream()
                .map(below -> "-" + Path.of(below).getFileName())
                .filter(name::endsWith)
                .allMatch(("-" + overlay.getFileName())::equals);
    }

    private static Path over(Path overlay, Path component) {
        try {
            Path folder = Files.createDirectories(TARGET.resolve("kustomize")
                    .resolve(overlay.getFileName() + "-and-"
                            + component.toString().replace('/', '-')));
            Files.writeString(folder.resolve("kustomization.yaml"), """
                    apiVersion: kustomize.config.k8s.io/v1beta1
                    kind: Kustomization
                    resources: [%s]
                    components: [%s]
                    """.formatted(
                            folder.relativize(overlay), folder.relativize(component)));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path folder) {
        try {
            return Files.readString(folder.resolve("kustomization.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
