# Downloads a file with Python's urllib: URL, file, and headers as NAME:VALUE.
import socket
import sys
import urllib.request

url, path, *headers = sys.argv[1:]
socket.setdefaulttimeout(2)
opener = urllib.request.build_opener()
opener.addheaders = [tuple(header.split(": ", 1)) for header in headers]
urllib.request.install_opener(opener)
urllib.request.urlretrieve(url, path)
