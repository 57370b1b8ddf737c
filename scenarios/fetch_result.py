# /// interleave
# title = "Is it ready?"
# summary = "The thread is alive when asked and done a moment later; what was decided then no longer fits."
# chapter = "Races and locks"
# order = 248
# claims = ["C21"]
# runtimes = ["threads", "free-threaded"]
# python = "3.12"
# opening = 27
#
# [expect]
# output = "the page\n"
# findings = []
# opening = "main reads result = 'the page'"
# ///
import threading

result = None

def fetch():
    global result
    result = "the page"

fetcher = threading.Thread(target=fetch, name="fetcher")
fetcher.start()
if fetcher.is_alive() and result is None:
    print("no result yet")
elif result is None:
    print("it failed")
else:
    print(result)
fetcher.join()
