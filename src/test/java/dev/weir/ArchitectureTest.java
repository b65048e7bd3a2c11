package dev.weir;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The one-way rule: packages are the way of the data, and stages never import each other. */
@AnalyzeClasses(packages = "dev.weir", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    @ArchTest
    static final ArchRule otlpImportsNothingOfOurs = mayOnlyImport("otlp");

    @ArchTest
    static final ArchRule tlsImportsNothingOfOurs = mayOnlyImport("tls");

    @ArchTest
    static final ArchRule pipelineImportsOtlp = mayOnlyImport("pipeline", "otlp");

    @ArchTest
    static final ArchRule receiveImportsTheContract = mayOnlyImport("receive", "pipeline", "otlp", "tls");

    @ArchTest
    static final ArchRule sampleImportsTheContract = mayOnlyImport("sample", "pipeline", "otlp");

    @ArchTest
    static final ArchRule enrichImportsTheContract = mayOnlyImport("enrich", "pipeline", "otlp");

    @ArchTest
    static final ArchRule batchImportsTheContract = mayOnlyImport("batch", "pipeline", "otlp");

    @ArchTest
    static final ArchRule exportImportsTheContract = mayOnlyImport("export", "pipeline", "otlp", "tls");

    @ArchTest
    static final ArchRule adminDoesNotImportTheAssembly =
            mayOnlyImport("admin", "pipeline", "otlp", "tls", "receive", "enrich", "sample", "batch", "export");

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("dev.weir.(*)..").should().beFreeOfCycles();

    private static ArchRule mayOnlyImport(String own, String... others) {
        String[] allowed = new String[others.length + 1];
        allowed[0] = "dev.weir." + own + "..";
        for (int i = 0; i < others.length; i++) {
            allowed[i + 1] = "dev.weir." + others[i] + "..";
        }
        return classes()
                .that()
                .resideInAPackage("dev.weir." + own + "..")
                .should()
                .onlyDependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                        "are the platform's, a library's, or in " + String.join(", ", allowed),
                        c -> !c.getPackageName().startsWith("dev.weir")
                                || java.util.Arrays.stream(allowed)
                                        .map(a -> a.substring(0, a.length() - 2))
                                        .anyMatch(a -> c.getPackageName().equals(a)
                                                || c.getPackageName().startsWith(a + "."))));
    }
}
