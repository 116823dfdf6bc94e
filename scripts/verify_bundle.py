#!/usr/bin/env python3
"""Checks a bundle, a proof or a checkpoint of cem by itself: no cem, no database, no shared code.

  verify_bundle.py DIR --vkey VKEY [--receipt FILE]     verify_bundle.py --proof|--checkpoint FILE --vkey VKEY

VKEY is the log's key, which you were given beforehand; repeat --vkey for each witness who must have signed too. Exit
code 0: it holds; 1: it does not; 64: usage; 66: there is no such file. schema/LOG-FORMAT.md, which is FORMAT.md in a
bundle, says what is checked and what that proves. Needs Python 3.8 or later and the package cryptography."""
import argparse, base64, json, mmap, os, re, stat, sys
from functools import reduce
from hashlib import sha256
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
# The only form of an event's line: values are tokens, tokens or nothing, numbers, strings or nothing.
STRING = r'[^"\\\x00-\x1f]*(?:\\(?:["\\bfnrt]|u00(?:0[0-7bef]|1[0-9a-f]))[^"\\\x00-\x1f]*)*'
FORMS = dict(t=r',"%s":"([!#-\[\]-~]+)"', o=r'(?:,"%s":"((?!-")[!#-\[\]-~]+)")?', n=',"%s":(0|[1-9][0-9]{0,17})',
             d=r',"%s":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)"', s=f'(?:,"%s":"({STRING})")?')
KEYS = ('t:actor o:causationId o:commandDigest t:commandId n:commandIndex o:correlationId o:departments s:facts o:factsHash '
        't:leafHash t:occurredOn n:position s:private o:privateHash d:recordedAt o:salt n:schemaVersion t:stream t:type n:version')
LINE = re.compile(r'\{' + ''.join(FORMS[key[0]] % key[2:] for key in KEYS.split())[1:] + r'\}\n')
UUID = re.compile(r'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}')
TEXTS = {*'command commandId program programId database rootHash receiptHash'.split()}  # what is always a text in a receipt
class Bad(Exception): """What does not hold, and at which position where that is known."""
def need(condition, message, position=None):
    if not condition: raise Bad(message, position)
def unbase64(text, size=None):
    data = base64.b64decode(text.encode(), validate=True)
    need(base64.b64encode(data).decode() == text and size in (None, len(data)), f'not base64: {text}')
    return data
def number(text): return int(text) if re.fullmatch('0|[1-9][0-9]*', text) and int(text) < 1 << 63 else need(False, 'no number')
def canonical(value): return (json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(',', ':')) + '\n').encode()
def is_canonical(text):  # an object, and in its only form: no number has a fraction
    value = json.loads(text, object_pairs_hook=unique, parse_float=str, parse_constant=str)
    return isinstance(value, dict) and canonical(value) == text.encode() + b'\n'
def are(kind, *values): return all(type(value) is kind for value in values)  # isinstance takes true for a number
def unique(pairs): return dict(pairs) if len(dict(pairs)) == len(pairs) else need(False, 'a key stands twice')
def node(left, right): return sha256(b'\1' + left + right).digest()
class Key:
    def __init__(self, text):  # name+id+base64(type || public key)
        self.text, (self.name, identity, encoded) = text, text.split('+', 2)
        data = unbase64(encoded, 33)
        self.is_witness, self.public = data[0] == 4, Ed25519PublicKey.from_public_bytes(data[1:])
        self.id = sha256(self.name.encode() + b'\n' + data).digest()[:4]
        need(data[0] in (1, 4) and re.fullmatch(r'\S+', self.name) and self.id.hex() == identity, 'not a verifier key')
    def verify(self, signature, text):
        if self.is_witness:  # time || signature
            need(len(signature) > 8 and signature[0] < 128, 'a cosignature begins with its time')
            text = b'cosignature/v1\ntime %d\n' % int.from_bytes(signature[:8], 'big') + text
        self.public.verify(signature[8 * self.is_witness:], text)
def read_checkpoint(data, keys, quorum=True):
    """Size and root of a signed checkpoint, once its log has signed it, and all witnesses asked for."""
    need(data[-1:] == b'\n' and not re.search(rb'[\x00-\x09\x0b-\x1f]', data) and len(data) <= 1000000, 'no note')
    body, _, tail = data.rpartition(b'\n\n')
    lines, signatures, signed = body.decode().split('\n'), tail[:-1].decode().split('\n'), set()
    for line in signatures:
        match = re.fullmatch('\u2014 ([^\\s+]+) (\\S+)', line) or need(False, 'no signature line')
        need(len(unbase64(match[2])) > 4 and len(signatures) <= 100, 'no signatures')
        for key in (key for key in keys if (key.name, key.id) == (match[1], unbase64(match[2])[:4])):
            key.verify(unbase64(match[2])[4:], body + b'\n') or signed.add(key)
    size, root, log = number(lines[1]), unbase64(lines[2], 32), next(key for key in keys if not key.is_witness)
    need(lines[0] == log.name and '' not in lines and (size or root == sha256().digest()) and log in signed
         and (not quorum or signed >= set(keys)), 'no checkpoint of this log, signed as it must be')
    return size, root
def check_inclusion(leaf, position, size, root, path):
    index, last = position - 1, size - 1
    need(0 <= index <= last and len(path) <= 64, 'the event lies outside the tree', position)
    for sibling in path:
        need(last, 'the proof goes on too long', position)
        leaf = node(sibling, leaf) if index & 1 or index == last else node(leaf, sibling)
        while index == last and not index & 1 and index: index, last = index >> 1, last >> 1
        index, last = index >> 1, last >> 1
    need(last == 0 and leaf == root, 'the proof leads to another root', position)
def check_proof(data, keys):
    head, _, note = data.partition(b'\n\n')
    first, extra, index, *path = head.decode().split('\n')
    leaf, position, (size, root) = unbase64(extra[6:]), number(index[6:]) + 1, read_checkpoint(note, keys)
    need((first, extra[:6], index[:6]) == ('c2sp.org/tlog-proof@v1', 'extra ', 'index '), 'no proof')
    check_inclusion(sha256(b'\0' + leaf).digest(), position, size, root, [unbase64(line, 32) for line in path])
    tag, _, place, *rest = leaf.decode().split('\n')
    need((tag, place, len(rest), rest[-1]) == ('cem-event/1', str(position), 16, ''), 'no leaf text', position)
    return 1, size, root
def read_event(line, place, program, department):
    match = LINE.fullmatch(line.decode()) or need(False, f'line {place} is no event', place)
    (actor, cause, digest, command, index, correlation, departments, facts, facts_hash, leaf_hash, occurred, position,
     private, private_hash, time, salt, schema, stream, kind, version) = match.groups()
    at, withheld, is_open = int(position), facts_hash is not None, private is not None  # else withheld, erased or none
    need(at > 0 and (facts is None) == withheld and is_open == (salt is not None) and UUID.fullmatch(command)
         and (not is_open or private_hash and not withheld), f'line {place} is no event', at)
    facts_hash = facts_hash or sha256(json.loads(f'"{facts}"').encode()).hexdigest()
    lines = ('\0cem-event/1', program, position, stream, version, kind, schema, departments, actor, time, occurred, command,
             index, digest, correlation, cause, facts_hash, private_hash)
    leaf = sha256(''.join(f'{line or "-"}\n' for line in lines).encode()).digest()
    need(base64.b64encode(leaf).decode() == leaf_hash, 'the event does not have its hash', at)
    need(all(text is None or is_canonical(json.loads(f'"{text}"')) for text in (facts, private)), 'a text has another form', at)
    if is_open:
        stated = sha256(bytes.fromhex(salt) + b'\0' + json.loads(f'"{private}"').encode()).hexdigest()
        need(re.fullmatch('[0-9a-f]{32}', salt) and stated == private_hash, 'private data has another hash', at)
    need((department in (None, *(departments or '').split(','))) != withheld, 'other data is withheld than must be', at)
    names = kind == 'event.data_erased' and facts and json.loads(json.loads(f'"{facts}"'), object_pairs_hook=unique)['positions']
    need(not names or are(list, names) and are(int, *names) and all(0 < name < at for name in names), 'no erasure', at)
    return at, stream, int(version), kind, time, command, int(index), digest is not None, (private_hash and not withheld, is_open), names or [], leaf
def check_gone(events):
    kept, gone, named = set(), set(), set()
    for event in events:
        yield event[8][0] and (kept if event[8][1] else gone).add(event[0]) or named.update(event[9]) or event
    amiss = gone - named | kept & named
    need(not amiss, 'private data is gone without an erasure, or is there in spite of one', amiss and min(amiss))
def check_log(events, pins, leaves):  # dense positions and versions, the clock, whole commands, the tree, the pins
    def root(): return reduce(lambda right, left: node(left, right), reversed(stack)) if stack else sha256().digest()
    stack, versions, last, clock, running, step, commands = [], {}, 0, '', None, 0, set()
    need(all(pin == root() for pin in pins.pop(0, [])), 'the empty tree has another root')
    for at, stream, version, kind, time, command, index, has_digest, _, _, leaf in events:
        step = step + 1 if command == running else 0
        need(at == last + 1, 'a position is missing or stands twice', last + 1)
        need(version == versions.get(stream, 0) + 1, f'a version of {stream} is missing or stands twice', at)
        need(time >= clock, 'the clock runs backwards', at)
        need(index == step and has_digest == (index == 0) and (index or command not in commands), 'a command is torn', at)
        need(all(pin == (leaf, stream, version, kind, command, index, time) for pin in leaves.pop(at, [])), 'a receipt differs', at)
        versions[stream], last, clock, running, rest = version, at, time, command, at - 1
        while rest & 1: leaf, rest = node(stack.pop(), leaf), rest >> 1
        commands.add(command), stack.append(leaf)
        need(all(pin == root() for pin in pins.pop(at, [])), f'a checkpoint or receipt of {at} has another root', at)
    need(not pins, 'a checkpoint or receipt covers more than the log has')
    return last, root()
def read_receipts(data, program, pins, leaves):
    for line in data[:-1].split(b'\n'):
        stated, _, end = line.rpartition(b',"receiptHash":"')
        need(end == base64.b64encode(sha256(stated).digest()) + b'"}' and data[-1:] == b'\n', 'a receipt is not whole')
        receipt = json.loads(line.decode(), object_pairs_hook=unique)
        events, size, command, time = (receipt[key] for key in ('events', 'treeSize', 'commandId', 'recordedAt'))
        need({*receipt} == TEXTS | {'ref', 'events', 'recordedAt', 'treeSize', 'duplicate', 'dryRun'} and UUID.fullmatch(command)
             and are(str, *(receipt[key] for key in TEXTS)) and {type(receipt['ref']), type(time)} <= {str, type(None)}
             and are(list, events) and are(int, size) and len(events) <= size < 1 << 63 and (time is None) == (not events)
             and are(bool, receipt['duplicate']) and receipt['dryRun'] is False and json.dumps(receipt, ensure_ascii=False).encode()
             and receipt['programId'] == program, 'no receipt of this program')
        pins.setdefault(size, []).append(unbase64(receipt['rootHash'], 32))
        for index, event in enumerate(events):
            at, stream, version, kind, leaf = (event[key] for key in ('position', 'stream', 'version', 'type', 'leafHash'))
            h = sha256(f'cem-event-id/1\n{program}\n{command}\n{index}\n'.encode()).hexdigest()
            own_id = f'{h[:8]}-{h[8:12]}-8{h[13:16]}-{"89ab"[int(h[16], 16) & 3]}{h[17:20]}-{h[20:32]}'
            need(len(event) == 6 and are(int, at, version) and are(str, stream, kind) and at == size - len(events) + 1 + index
                 and 0 < version < 1 << 63 and event['eventId'] == own_id, 'a receipt is not of its own events')
            leaves.setdefault(at, []).append((unbase64(leaf, 32), stream, version, kind, command, index, time))
def check_bundle(folder, keys, receipt):
    names, log, pins, leaves = os.listdir(folder), os.path.join(folder, 'events.ndjson'), {}, {}
    need(all(stat.S_ISREG(os.lstat(os.path.join(folder, name)).st_mode) for name in names), 'there is something else than files')
    data = {name: open(os.path.join(folder, name), 'rb').read() for name in names if name != 'events.ndjson'}
    text, manifest = data['manifest.json'], json.loads(data.pop('manifest.json').decode())
    count, size, scope, program, listed = (manifest[key] for key in ('events', 'treeSize', 'scope', 'program', 'files'))
    root, department, newest = unbase64(manifest['rootHash'], 32), manifest.get('department'), f'checkpoint-{size}.txt'
    need(canonical(manifest) == text and manifest['format'] == 'cem-bundle/1' and UUID.fullmatch(program)
         and set(manifest) - {'department'} == {'events', 'files', 'format', 'program', 'rootHash', 'scope', 'treeSize'}
         and scope in ('everything', 'headers', 'inclusion-only') and ('department' in manifest) == (scope != 'everything')
         and (scope == 'everything' or are(str, department) and department) and all(len(file) == 3 for file in listed)
         and are(int, count, size, *(file['size'] for file in listed)), 'no manifest')
    files = {file['name']: (file['size'], file['sha256']) for file in listed}
    known = ['FORMAT.md', 'events.ndjson', 'log.vkey', newest] + ['proofs.ndjson'] * (scope == 'inclusion-only')
    need([file['name'] for file in listed] == sorted(files) == sorted({*names} - {'manifest.json'}) and {*known} <= {*files}
         and all(name in known or name.startswith('checkpoint-') for name in files), 'other files than the manifest\'s')
    for name, content in data.items():
        need(files[name] == (len(content), sha256(content).hexdigest()), f'{name} is another file')
        if name.startswith('checkpoint-'):
            covered, signed = read_checkpoint(content, keys, quorum=name == newest)
            need(name == f'checkpoint-{covered}.txt' and pins.setdefault(covered, [signed]), f'{name} is of another size')
    need(data['log.vkey'] in [f'{key.text}\n'.encode() for key in keys if not key.is_witness] and pins[size] == [root], 'other root')
    need(receipt is None or scope != 'inclusion-only', 'a bundle without all headers cannot be held to receipts')
    read_receipts(receipt, program, pins, leaves) if receipt is not None else None
    text = mmap.mmap(os.open(log, os.O_RDONLY), 0, access=mmap.ACCESS_READ) if os.path.getsize(log) else b''
    need(files['events.ndjson'] == (len(text), sha256(text).hexdigest()), 'events.ndjson is another file')
    events = check_gone(read_event(line, place, program, department) for place, line in enumerate(open(log, 'rb'), 1))
    if scope == 'inclusion-only':
        proofs, read, last = data['proofs.ndjson'].splitlines(True), 0, 0
        for at, *_, leaf in events:
            last, before, read, path = at, last, read + 1, json.loads(proofs[read])['path']
            need(canonical({'path': path, 'position': at}) == proofs[read - 1] and at > before, 'no proof of this event', at)
            check_inclusion(leaf, at, size, root, [unbase64(text, 32) for text in path])
        need(read == count == len(proofs), 'there are other events than proofs')
    else:
        need(check_log(events, pins, leaves) == (count, root) and count == size, 'other events than stated')
    return count, size, root
def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--vkey', action='append', required=True)
    for name in ('folder', '--receipt', '--proof', '--checkpoint'):
        parser.add_argument(name, **({'nargs': '?'} if name == 'folder' else {'metavar': 'FILE'}))
    try:
        given = parser.parse_args(arguments)
        keys = [Key(text) for text in dict.fromkeys(given.vkey)]
        need([given.folder, given.proof, given.checkpoint].count(None) == 2
             and (given.folder or given.receipt is None) and [key.is_witness for key in keys].count(False) == 1,
             'give one thing to check, and one key of a log')
    except SystemExit as end: return 64 if end.code else 0  # argparse has said why
    except (Bad, ValueError) as error: return print(f'error: {error}', file=sys.stderr) or 64
    try:
        receipt, single = (path and open(path, 'rb').read() for path in (given.receipt, given.proof or given.checkpoint))
        count, size, root = (check_bundle(given.folder, keys, receipt) if given.folder else
                             check_proof(single, keys) if given.proof else (0, *read_checkpoint(single, keys)))
        return print(json.dumps(dict(ok=True, events=count, treeSize=size, rootHash=base64.b64encode(root).decode()))) or 0
    except FileNotFoundError as error:
        return print(f'error: {error}', file=sys.stderr) or 66
    except (Bad, InvalidSignature, ValueError, KeyError, TypeError, IndexError, AttributeError, OSError) as error:
        message, position = error.args if isinstance(error, Bad) else (f'{type(error).__name__} {error}', None)
        return print(json.dumps({'ok': False, 'firstBadPosition': position, 'problems': [message]})) or 1
if __name__ == '__main__': sys.exit(main(sys.argv[1:]))
