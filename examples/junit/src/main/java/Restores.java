import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;

/** A small client of a9s, which restores one instance into another. It reads its few fields without a JSON library. */
public class Restores {
  private static final String KEY = "\"encryption_key\": \"second-encryption-key\"";

  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;
  private final String token;
  private final Runnable pause;

  /** {@code pause} waits between two polls. */
  public Restores(String url, String token, Runnable pause) {
    this.url = url;
    this.token = token;
    this.pause = pause;
  }

  /** Polls until the restore has ended, and returns its status: done or failed. */
  public String restore(String source, String destination) throws IOException, InterruptedException {
    String prepared = ask("POST", source + "/disaster-recovery/prepare", "{" + KEY + "}");
    String body = "{" + KEY + ", \"backup_guid\": \"" + field(prepared, "backup_guid") + "\"}";
    String id = field(ask("POST", destination + "/disaster-recovery/perform", body), "restore_id");
    while (true) {
      String status = field(ask("GET", destination + "/restores/" + id, ""), "status");
      if (!status.equals("queued") && !status.equals("running")) return status;
      pause.run();
    }
  }

  private String ask(String method, String path, String body) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(url + "/instances/" + path))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .method(method, BodyPublishers.ofString(body))
        .build();
    var response = http.send(request, BodyHandlers.ofString());
    if (response.statusCode() >= 300) throw new IOException(method + " " + path + ": " + response.statusCode());
    return response.body();
  }

  private static String field(String json, String name) throws IOException {
    var matcher = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(json);
    if (!matcher.find()) throw new IOException(name + " is missing: " + json);
    return matcher.group(1);
  }
}
