// Reads a zip from standard input without its directory and prints the CRC-32, size and name of each entry.
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipInputStream;

public class ListZip {
  public static void main(String[] args) throws Exception {
    try (ZipInputStream zip = new ZipInputStream(System.in)) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        var content = new CheckedInputStream(zip, new CRC32());
        long size = content.skip(Long.MAX_VALUE);
        System.out.printf("%d %d %s%n", content.getChecksum().getValue(), size, entry.getName());
      }
    }
  }
}
