import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.th.ThaiTokenizer;
import org.elasticsearch.analysis.common.CommonAnalysisPlugin;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.http.HttpServerTransport;
import org.elasticsearch.index.analysis.AnalyzerProvider;
import org.elasticsearch.index.analysis.PreBuiltAnalyzerProviderFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.painless.PainlessPlugin;
import org.elasticsearch.plugins.ExtensiblePlugin.ExtensionLoader;
import org.elasticsearch.plugins.Plugin;

/**
 * One node on a free loopback port, with the modules that the distribution brings as plugins.
 * Arguments: its folder, then the class names of the modules. Once it listens it prints one line
 * of JSON with its URL; it ends at once when standard input is closed, since its data is disposable.
 */
public final class ElasticsearchNode extends Node {
    private ElasticsearchNode(Environment environment, Collection<Class<? extends Plugin>> modules) {
        super(environment, modules, true);
    }

    public static void main(String[] arguments) {
        endWithStandardInput();
        try {
            List<Class<? extends Plugin>> modules = new ArrayList<>();
            for (int i = 1; i < arguments.length; i++) {
                modules.add(Class.forName(possible(arguments[i])).asSubclass(Plugin.class));
            }
            System.out.println("{\"url\": \"" + start(Path.of(arguments[0]), modules) + "\"}");
        } catch (Throwable trouble) {
            trouble.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private static String start(Path home, List<Class<? extends Plugin>> modules) throws Exception {
        Files.createDirectories(home.resolve("config"));
        extendPainless();
        Environment environment =
            InternalSettingsPreparer.prepareEnvironment(settings(home), Map.of(), null, () -> "node");
        Node node = new ElasticsearchNode(environment, modules).start();
        HttpServerTransport http = node.injector().getInstance(HttpServerTransport.class);
        return "http://127.0.0.1:" + http.boundAddress().publishAddress().getPort();
    }

    private static String possible(String module) {
        boolean thai = ThaiTokenizer.DBBI_AVAILABLE || !module.equals(CommonAnalysisPlugin.class.getName());
        return thai ? module : WithoutThai.class.getName();
    }

    /** For a runtime that was cut down and cannot segment Thai: else no index could be made. */
    public static final class WithoutThai extends CommonAnalysisPlugin {
        @Override
        public Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> getAnalyzers() {
            return without(super.getAnalyzers());
        }

        @Override
        public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
            return without(super.getTokenizers());
        }

        @Override
        public List<PreBuiltAnalyzerProviderFactory> getPreBuiltAnalyzerProviderFactories() {
            List<PreBuiltAnalyzerProviderFactory> kept =
                new ArrayList<>(super.getPreBuiltAnalyzerProviderFactories());
            kept.removeIf(factory -> factory.getName().equals("thai"));
            return kept;
        }

        private static <T> Map<String, T> without(Map<String, T> all) {
            Map<String, T> kept = new TreeMap<>(all);
            kept.remove("thai");
            return kept;
        }
    }

    private static Settings settings(Path home) {
        return Settings.builder()
            .put("cluster.name", "specgen")
            .put("node.name", "node")
            .put("path.home", home.toString())
            .put("network.host", "127.0.0.1")
            .put("http.port", "0")
            .put("transport.port", "0")
            .put("discovery.type", "single-node")
            // A disk that is nearly full must not turn indices read-only.
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
    }

    /** Modules on the class path are not told of each other: hands Painless what others allow. */
    private static void extendPainless() {
        new PainlessPlugin().loadExtensions(new ExtensionLoader() {
            @Override
            public <T> List<T> loadExtensions(Class<T> type) {
                List<T> found = new ArrayList<>();
                ServiceLoader.load(type).forEach(found::add);
                return found;
            }
        });
    }

    /** Keeps the process running too: all threads of a node are daemons. */
    private static void endWithStandardInput() {
        Thread watch = new Thread(() -> {
            try {
                while (System.in.read() >= 0) {
                    continue;
                }
            } catch (IOException closed) {
                // The same as its end.
            }
            Runtime.getRuntime().halt(0);
        }, "specgen-watch");
        watch.start();
    }
}
