// Package restore is a small client of a9s, which restores one instance into another.
package restore

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
)

const key = "second-encryption-key"

// Client sends requests to the a9s API at URL.
type Client struct {
	URL   string
	Token string
	// Pause waits between two polls.
	Pause func() error
}

// Restore restores source into destination, and polls until it has ended. It returns the status: done or failed.
func (c Client) Restore(source, destination string) (string, error) {
	var backup struct {
		GUID string `json:"backup_guid"`
	}
	body := map[string]string{"encryption_key": key}
	if err := c.ask("POST", source+"/disaster-recovery/prepare", body, &backup); err != nil {
		return "", err
	}
	var restore struct {
		ID     int    `json:"restore_id"`
		Status string `json:"status"`
	}
	body["backup_guid"] = backup.GUID
	if err := c.ask("POST", destination+"/disaster-recovery/perform", body, &restore); err != nil {
		return "", err
	}
	path := fmt.Sprintf("%s/restores/%d", destination, restore.ID)
	for {
		if err := c.ask("GET", path, nil, &restore); err != nil {
			return "", err
		}
		if restore.Status != "queued" && restore.Status != "running" {
			return restore.Status, nil
		}
		if err := c.Pause(); err != nil {
			return "", err
		}
	}
}

func (c Client) ask(method, path string, body, answer any) error {
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			return err
		}
	}
	request, err := http.NewRequest(method, c.URL+"/instances/"+path, &content)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+c.Token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s", method, path, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(answer)
}
