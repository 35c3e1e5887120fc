package restore

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
)

// sandbox is an isolated copy of the demo data, on the server that firedrill exec has started.
type sandbox struct {
	t    *testing.T
	name string
}

func newSandbox(t *testing.T) sandbox {
	s := sandbox{t, strings.ToLower(t.Name())}
	s.send("POST", "/__admin/sandboxes", fmt.Sprintf(`{"name": %q, "clock": "frozen"}`, s.name))
	t.Cleanup(func() { s.send("DELETE", "/__admin/sandboxes/"+s.name, "") })
	return s
}

// control runs a control operation on this sandbox.
func (s sandbox) control(path, body string) {
	s.t.Helper()
	s.send("POST", "/__admin/sandboxes/"+s.name+"/"+path, body)
}

func (s sandbox) send(method, path, body string) {
	s.t.Helper()
	request, err := http.NewRequest(method, os.Getenv("FIREDRILL_URL")+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		s.t.Fatalf("%s %s: %s", method, path, response.Status)
	}
}

// client moves the clock of the sandbox instead of sleeping.
func (s sandbox) client() Client {
	return Client{
		URL:   os.Getenv("FIREDRILL_URL") + "/@" + s.name + "/v1",
		Token: os.Getenv("FIREDRILL_A9S_TOKEN"),
		Pause: func() error { s.control("clock/advance", `{"by": "2s"}`); return nil },
	}
}

func (s sandbox) restore() (string, error) {
	return s.client().Restore(os.Getenv("FIREDRILL_A9S_INSTANCE_ID"), os.Getenv("FIREDRILL_A9S_DESTINATION_ID"))
}

func TestRestoreIsPolledUntilItIsDone(t *testing.T) {
	t.Parallel()
	status, err := newSandbox(t).restore()
	if status != "done" || err != nil {
		t.Errorf("got %q, %v", status, err)
	}
}

func TestFailedRestoreIsReported(t *testing.T) {
	t.Parallel()
	s := newSandbox(t)
	s.control("job-rules", `{"operation": "performDisasterRecovery", "outcome": {"result": "fail", "reason": "No space left."}}`)
	status, err := s.restore()
	if status != "failed" || err != nil {
		t.Errorf("got %q, %v", status, err)
	}
}

func TestErrorOfAProxyEndsTheRestore(t *testing.T) {
	t.Parallel()
	s := newSandbox(t)
	s.control("faults", `{"operation": "performDisasterRecovery", "fault": "proxy-error"}`)
	status, err := s.restore()
	if err == nil || !strings.Contains(err.Error(), "502") {
		t.Errorf("got %q, %v", status, err)
	}
}
