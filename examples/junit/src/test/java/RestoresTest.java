import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Tests the client. Time is moved, so no test waits. */
class RestoresTest {
  private Sandbox sandbox;

  @BeforeEach
  void createSandbox(TestInfo test) {
    sandbox = new Sandbox(test.getTestMethod().orElseThrow().getName().toLowerCase());
  }

  @AfterEach
  void deleteSandbox() {
    sandbox.close();
  }

  @Test
  void restoreIsPolledUntilItIsDone() throws Exception {
    assertEquals("done", restore());
  }

  @Test
  void failedRestoreIsReported() throws Exception {
    sandbox.control("job-rules", """
        {"operation": "performDisasterRecovery", "outcome": {"result": "fail", "reason": "No space left."}}
        """);
    assertEquals("failed", restore());
  }

  @Test
  void errorOfProxyEndsTheRestore() {
    sandbox.control("faults", """
        {"operation": "performDisasterRecovery", "fault": "proxy-error"}
        """);
    var error = assertThrows(IOException.class, this::restore);
    assertTrue(error.getMessage().endsWith(": 502"), error.getMessage());
  }

  private String restore() throws IOException, InterruptedException {
    var restores = new Restores(sandbox.url + "/v1", System.getenv("FIREDRILL_A9S_TOKEN"), () -> sandbox.advance("2s"));
    return restores.restore(System.getenv("FIREDRILL_A9S_INSTANCE_ID"), System.getenv("FIREDRILL_A9S_DESTINATION_ID"));
  }
}
