// usage: java -cp lite-1.0.0.jar Loop.java MODEL   The median time of one run of a tiny model, in nanoseconds.
import java.nio.file.Path;
import java.util.Arrays;
import org.lite.Network;

public class Loop {
  public static void main(String[] args) {
    int runs = 200000;
    long[] times = new long[runs];
    try (Network net = Network.load(Path.of(args[0]))) {
      net.input("x").set(new float[4], 1, 4);
      for (int warm = 0; warm < 2; ++warm)
        for (int i = 0; i < runs; ++i) {
          long begin = System.nanoTime();
          net.run();
          times[i] = System.nanoTime() - begin;
        }
    }
    Arrays.sort(times);
    System.out.println(times[runs / 2]);
  }
}
