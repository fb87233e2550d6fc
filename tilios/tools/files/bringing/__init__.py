"""Files from elsewhere: zips, Nextcloud and other WebDAV servers, Google Takeout, Dropbox.

A source gives entries (`zips`, `takeout`, `servers`); `planning` says under which name each would come, and writes
a line for each: the dry run. Once confirmed, `coming` does the lines one by one, `undoing` takes them back; `jobs` does
both in the background, a few seconds at a time.
"""
