// What a run of a small network costs from Java: write the input, run, read the output.
//
// usage: java -cp lite-1.0.0.jar Overhead.java MODEL RUNS, prints nanoseconds per run
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.lite.DataType;
import org.lite.Network;

public class Overhead {
  public static void main(String[] args) {
    int runs = Integer.parseInt(args[1]);
    try (Network net = Network.load(Path.of(args[0]))) {
      // Buffers that the library reads and writes in place.
      ByteBuffer x = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
      ByteBuffer prob = ByteBuffer.allocateDirect(12).order(ByteOrder.nativeOrder());
      net.input("x").use(DataType.FLOAT32, x, 1, 4);
      net.output("prob").use(DataType.FLOAT32, prob, 1, 3);
      run(net, x.asFloatBuffer(), prob.asFloatBuffer(), runs / 2);
      long begin = System.nanoTime();
      if (!(run(net, x.asFloatBuffer(), prob.asFloatBuffer(), runs) > 0)) throw new IllegalStateException("nothing was computed");
      System.out.printf("%.1f%n", (System.nanoTime() - begin) / (double) runs);
    }
  }

  private static double run(Network net, FloatBuffer x, FloatBuffer prob, int runs) {
    double total = 0;
    for (int i = 0; i < runs; ++i) {
      x.put(0, i & 7);
      net.run();
      total += prob.get(0);
    }
    return total;
  }
}
