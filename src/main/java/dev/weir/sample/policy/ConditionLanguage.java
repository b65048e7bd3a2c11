package dev.weir.sample.policy;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Common Expression Language as conditions use it: {@code spans} and {@code trace}, their types, and what an expression
 * may cost.
 *
 * @see <a href="https://github.com/google/cel-spec/blob/master/doc/langdef.md">CEL's definition</a>
 */
final class ConditionLanguage {

    /** Steps of all loops of one evaluation together: at about a microsecond each, others' traces wait so long. */
    static final int MAX_ITERATIONS = 3_000;

    static final int MAX_LENGTH = 4096;

    static final String SPANS = "spans";
    static final String TRACE = "trace";

    /** By SpanKind's number. */
    static final List<String> KINDS = List.of("unspecified", "internal", "server", "client", "producer", "consumer");

    /** By StatusCode's number. */
    static final List<String> STATUSES = List.of("unset", "ok", "error");

    private static final CelType ATTRIBUTES = MapType.create(SimpleType.STRING, SimpleType.DYN);

    private static final StructType EVENT =
            struct("weir.Event", Map.of("name", SimpleType.STRING, "attributes", ATTRIBUTES));

    private static final StructType SPAN = struct(
            "weir.Span",
            Map.of(
                    "name", SimpleType.STRING,
                    "kind", SimpleType.STRING,
                    "status", SimpleType.STRING,
                    "duration", SimpleType.DURATION,
                    "attributes", ATTRIBUTES,
                    "resource", ATTRIBUTES,
                    "events", ListType.create(EVENT),
                    "is_root", SimpleType.BOOL));

    private static final StructType WHOLE_TRACE = struct(
            "weir.Trace",
            Map.of(
                    "duration", SimpleType.DURATION,
                    "span_count", SimpleType.INT,
                    "error_count", SimpleType.INT,
                    "root", SPAN));

    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .evaluateCanonicalTypesToNativeValues(true)
            .comprehensionMaxIterations(MAX_ITERATIONS)
            .maxExpressionCodePointSize(MAX_LENGTH)
            .maxParseRecursionDepth(50)
            .maxRegexProgramSize((int) RegexSize.MAX)
            .build();

    private static final CelCompiler COMPILER = compiler().build();

    /** Knows the functions that stand for comparisons with what may be absent, too. */
    private static final CelCompiler REWRITTEN_COMPILER = compiler()
            .addFunctionDeclarations(ConditionFunctions.declarations())
            .build();

    private static final CelRuntime RUNTIME = CelRuntimeFactory.standardCelRuntimeBuilder()
            .setOptions(OPTIONS)
            .addFunctionBindings(ConditionFunctions.bindings())
            .build();

    private ConditionLanguage() {}

    private static CelCompilerBuilder compiler() {
        return CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setTypeProvider(new Types())
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addVar(SPANS, ListType.create(SPAN))
                .addVar(TRACE, WHOLE_TRACE)
                .setResultType(SimpleType.BOOL);
    }

    private static StructType struct(String name, Map<String, CelType> fields) {
        ImmutableMap<String, CelType> types = ImmutableMap.copyOf(fields);
        return StructType.create(
                name, ImmutableSet.copyOf(types.keySet()), field -> Optional.ofNullable(types.get(field)));
    }

    /** Parses and checks the types. */
    static CelAbstractSyntaxTree check(String source) throws ConditionException {
        if (source.length() > MAX_LENGTH) {
            throw new ConditionException("the condition is longer than " + MAX_LENGTH + " characters");
        }
        try {
            return COMPILER.compile(source, "condition").getAst();
        } catch (CelValidationException e) {
            throw new ConditionException(described(e));
        } catch (RuntimeException | StackOverflowError e) {
            throw new ConditionException("the condition cannot be parsed: " + e.getMessage());
        }
    }

    private static String described(CelValidationException e) {
        if (e.getErrors().isEmpty()) {
            return "the condition cannot be parsed: " + e.getMessage();
        }
        CelIssue first = e.getErrors().getFirst();
        var at = first.getSourceLocation();
        String line = at.getLine() > 1 ? "line " + at.getLine() + ", " : "";
        String message =
                first.getMessage().length() > 300 ? first.getMessage().substring(0, 300) + "…" : first.getMessage();
        return "the condition is wrong at its " + line + "column " + (at.getColumn() + 1) + ": " + message;
    }

    /** A program for the expression, or for a part of it, in which absent attributes are no errors. */
    static CelRuntime.Program program(CelExpr expression, CelAbstractSyntaxTree whole) throws ConditionException {
        try {
            CelExpr rewritten = ConditionRewriter.rewrite(expression);
            CelAbstractSyntaxTree parsed = CelAbstractSyntaxTree.newParsedAst(rewritten, whole.getSource());
            return RUNTIME.createProgram(REWRITTEN_COMPILER.check(parsed).getAst());
        } catch (CelValidationException e) {
            throw new ConditionException(described(e));
        } catch (CelEvaluationException e) {
            throw new ConditionException("the condition cannot be evaluated: " + e.getMessage());
        }
    }

    /** The value of a part of the expression in which no variable stands. */
    static Object constant(CelExpr expression, CelAbstractSyntaxTree whole) throws ConditionException {
        try {
            CelAbstractSyntaxTree part = CelAbstractSyntaxTree.newCheckedAst(
                    expression, whole.getSource(), whole.getReferenceMap(), whole.getTypeMap());
            return RUNTIME.createProgram(part).eval();
        } catch (CelEvaluationException e) {
            throw new ConditionException("the condition has a constant that has no value: " + e.getMessage());
        }
    }

    private static final class Types implements CelTypeProvider {
        private static final ImmutableList<CelType> ALL = ImmutableList.of(SPAN, EVENT, WHOLE_TRACE);

        @Override
        public ImmutableCollection<CelType> types() {
            return ALL;
        }

        @Override
        public Optional<CelType> findType(String name) {
            return ALL.stream().filter(type -> type.name().equals(name)).findFirst();
        }
    }

    /** A function over any values that cannot fail. */
    interface Comparison {
        Object of(Object left, Object right);
    }

    static CelFunctionDecl declaration(String name, CelType result) {
        return CelFunctionDecl.newFunctionDeclaration(
                name, CelOverloadDecl.newGlobalOverload(name + "_dyn", result, SimpleType.DYN, SimpleType.DYN));
    }

    @SuppressWarnings("Immutable") // all comparisons are functions without state
    static CelFunctionBinding binding(String name, Comparison comparison) {
        return CelFunctionBinding.from(name + "_dyn", Object.class, Object.class, comparison::of);
    }
}
