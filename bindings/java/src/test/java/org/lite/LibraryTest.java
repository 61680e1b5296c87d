package org.lite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding the library, and what is the process's. What concerns loading happens in a process of its own. */
class LibraryTest {
  @TempDir static Path temp;

  /** What the processes do that the tests start: open the library, and say which it was. */
  public static void main(String[] args) throws Exception {
    try {
      if (args.length > 0) LiteLibrary.open(Path.of(args[0]));
      System.out.println("path " + LiteLibrary.path());
      for (String line : Files.readAllLines(Path.of("/proc/self/maps")))
        if (line.contains("decoy")) System.out.println("decoy " + line);
    } catch (LiteLibraryError e) {
      System.out.println("LiteLibraryError " + e.tried() + ": " + e.getMessage());
    }
  }

  private static String started(String variable, String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-cp", System.getProperty("java.class.path")));
    command.add("org.lite.LibraryTest");
    Collections.addAll(command, args);
    Path decoys = decoys();
    ProcessBuilder builder = new ProcessBuilder(command).directory(decoys.toFile()).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.remove("LITE_LIBRARY");
    if (variable != null) environment.put("LITE_LIBRARY", variable);
    environment.put("LD_LIBRARY_PATH", decoys.toString());
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), text);
    return text;
  }

  // A folder with a library of the name that has nothing of it, in the current directory and on the loader's path.
  private static Path decoys() throws Exception {
    Path folder = Files.createDirectories(temp.resolve("decoy"));
    compile(folder.resolve("liblite.so.1"), "int decoy(void) { return 0; }\n");
    return folder;
  }

  private static Path compile(Path library, String source) throws Exception {
    if (Files.exists(library)) return library;
    Path file = Files.writeString(library.resolveSibling("source.c"), source);
    Process cc = new ProcessBuilder("cc", "-shared", "-fPIC", "-o", library.toString(), file.toString()).inheritIO().start();
    assertEquals(0, cc.waitFor());
    return library;
  }

  @Test
  void versionsAndTexts() {
    assertTrue(LiteLibrary.version().startsWith("1."));
    assertTrue(LiteLibrary.buildInfo().contains("version"));
    assertTrue(LiteLibrary.operators().contains("\"Conv\""));
    assertTrue(new File(LiteLibrary.path()).isAbsolute());
    OptionInfo threads = LiteLibrary.options().stream().filter(o -> o.key().equals("threads") && !o.isProcess()).findFirst().get();
    assertEquals("int", threads.type());
    assertEquals("1", threads.defaultValue());
    assertThrows(IllegalStateException.class, () -> LiteLibrary.open(Path.of("/another/liblite.so")));
    LiteLibrary.open(Path.of(LiteLibrary.path()));
  }

  @Test
  void whatTheProcessHas() {
    int before = LiteLibrary.threads();
    LiteLibrary.setThreads(3);
    assertEquals(3, LiteLibrary.threads());
    LiteLibrary.setThreads(0);
    assertEquals(before, LiteLibrary.threads());
    assertThrows(IllegalArgumentException.class, () -> LiteLibrary.setThreads(-1));
    OptionInfo option = LiteLibrary.options().stream().filter(OptionInfo::isProcess).findFirst().get();
    LiteLibrary.setOption(option.key(), LiteLibrary.getOption(option.key()));
    NetworkTest.fails(ErrorCode.INVALID_ARGUMENT, () -> LiteLibrary.setOption("colour", "red"));
    LiteLibrary.trim();
  }

  @Test
  void logGoesToTheCallback() {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    LogLevel before = LiteLibrary.logLevel();
    LiteLibrary.setLogLevel(LogLevel.INFO);
    LiteLibrary.setLog((level, text) -> lines.add(level + ": " + text));
    System.gc();
    Network.load(NetworkTest.DIGITS).close();
    LiteLibrary.setLog(
        (level, text) -> {
          throw new IllegalStateException("callbacks' exceptions stay in");
        });
    Network.load(NetworkTest.DIGITS).close();
    LiteLibrary.setLogLevel(before);
    LiteLibrary.setLog(null);
    Network.load(NetworkTest.DIGITS).close();
    assertEquals(1, lines.size());
    assertTrue(lines.get(0).startsWith("INFO: a model is loaded"), lines.get(0));
  }

  @Test
  void aMissingLibraryIsSaidWithWhatWasTried() throws Exception {
    String text = started("/nowhere/liblite.so.1");
    assertTrue(text.startsWith("LiteLibraryError [/nowhere/liblite.so.1]"), text);
    assertTrue(text.contains("\n  /nowhere/liblite.so.1: ") && text.contains("LITE_LIBRARY"), text);
    text = started(LiteLibrary.path(), "/nowhere/explicit.so");
    assertTrue(text.contains("\n  /nowhere/explicit.so: "), text);
    assertFalse(text.contains(LiteLibrary.path()), text);
  }

  @Test
  void aLibraryOfAnotherVersionIsRefused() throws Exception {
    Path folder = Files.createDirectories(temp.resolve("other"));
    Path other =
        compile(
            folder.resolve("liblite.so.1"),
            """
            const char* LITE_get_last_error(void) { return "built for version 1.0, this is version 2.7.0"; }
            int LITE_check_version(int major, int minor) { return major == 2 && minor <= 7 ? 0 : -3; }
            """);
    String text = started(other.toString());
    assertTrue(text.contains(other.toString()) && text.contains("2.7.0") && text.contains("1.0"), text);
    Path decoy = decoys().resolve("liblite.so.1");
    text = started(decoy.toString());
    assertTrue(text.contains(decoy + " is not liblite"), text);
  }

  @Test
  void picturesAreDecodedByTheAddOnInTheJar() throws Exception {
    Path pictures = NetworkTest.DIGITS.resolveSibling("../../tests/data/images");
    byte[] png = Files.readAllBytes(pictures.resolve("rgb.png"));
    try (Network net = Network.load(pictures.resolve("decoder.onnx"))) {
      net.input("x").set(png, png.length);
      net.run();
      assertArrayEquals(new long[] {5, 7, 3}, net.output("y").shape());
      byte[] pixels = net.output("y").bytes();
      assertArrayEquals(new byte[] {(byte) 216, (byte) 240, (byte) 200}, Arrays.copyOfRange(pixels, pixels.length - 3, pixels.length));
    }
  }

  @Test
  void theOrderIsPathVariableJarSystem() throws Exception {
    String real = LiteLibrary.path();
    assertEquals("path " + real + "\n", started(decoys().resolve("liblite.so.1").toString(), real));
    assertEquals("path " + real + "\n", started(real));
    String text = started(null);
    assertTrue(text.matches("path /.*/lite-java[0-9]+/liblite\\.so\\.1\n"), text);
  }
}
