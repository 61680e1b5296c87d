// usage: java -cp lite-1.0.0.jar Batch.java MODEL SCAN.pgm...
//
// Classifies scans the way a Spark job does: rows are dealt to partitions, a function is given each partition's rows at once
// (mapPartitions), and makes what is dear, the network, once for all of them. With Spark: rdd.mapPartitions(new Classify(model)).
// The model is loaded once in a process, and its weights are shared by the networks of all partitions.
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.lite.LiteException;
import org.lite.Network;

public class Batch {
  record Row(String name, float[] pixels) implements Serializable {}

  record Result(String name, int digit, float probability) implements Serializable {}

  /** What Spark calls a FlatMapFunction: it travels to the executors, the networks are made there. */
  record Classify(String model) implements Serializable {
    private static final Map<String, Network> LOADED = new ConcurrentHashMap<>();
    private static final int BATCH = 4;

    Iterator<Result> call(Iterator<Row> rows) {
      Network loaded = LOADED.computeIfAbsent(model, file -> Network.load(Path.of(file)));
      List<Result> results = new ArrayList<>();
      try (Network net = loaded.share()) {
        while (rows.hasNext()) {
          List<Row> batch = new ArrayList<>();
          while (rows.hasNext() && batch.size() < BATCH) batch.add(rows.next());
          float[] pixels = new float[batch.size() * 64];
          for (int i = 0; i < batch.size(); ++i) System.arraycopy(batch.get(i).pixels(), 0, pixels, 64 * i, 64);
          net.input("data").set(pixels, batch.size(), 1, 8, 8);
          net.run();
          float[] prob = net.output("prob").floats();
          for (int i = 0; i < batch.size(); ++i) {
            int first = 10 * i;
            int best = IntStream.range(0, 10).reduce(0, (a, b) -> prob[first + b] > prob[first + a] ? b : a);
            results.add(new Result(batch.get(i).name(), best, prob[first + best]));
          }
        }
      }
      return results.iterator();
    }
  }

  public static void main(String[] args) {
    if (args.length < 2) {
      System.err.println("usage: Batch MODEL SCAN.pgm...");
      System.exit(2);
    }
    List<Row> rows = Arrays.stream(args).skip(1).map(Batch::read).toList();
    Classify classify = new Classify(args[0]);
    int partitions = 3;
    try {
      IntStream.range(0, partitions)
          .parallel()
          .mapToObj(p -> IntStream.range(0, rows.size()).filter(i -> i % partitions == p).mapToObj(rows::get).iterator())
          .flatMap(
              partition -> {
                List<Result> results = new ArrayList<>();
                classify.call(partition).forEachRemaining(results::add);
                return results.stream();
              })
          .toList()
          .forEach(r -> System.out.printf("%d %.1f %% %s%n", r.digit(), 100 * r.probability(), r.name()));
    } catch (LiteException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  // The text form of PGM: "P2", width, height, the value of white, the values.
  private static Row read(String file) {
    try {
      String[] words = Files.readString(Path.of(file)).trim().split("\\s+");
      if (words.length != 4 + 64 || !words[0].equals("P2")) throw new IOException(file + " is not a PGM of 8 x 8 in text");
      float[] pixels = new float[64];
      for (int i = 0; i < 64; ++i) pixels[i] = Integer.parseInt(words[4 + i]) / 255f;
      return new Row(file, pixels);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
