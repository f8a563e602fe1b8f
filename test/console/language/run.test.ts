import { beforeEach, describe, expect, test } from 'vitest';
import { CancelSource } from '../../../src/platform/cancel.ts';
import { atConsole, script } from '../../menu/people.ts';
import { log } from './router.ts';
import { errorOf, evaluated, output, TestConsole } from './run.ts';

beforeEach(() => {
  log.length = 0;
});

describe('values and operators', () => {
  test.each([
    // Literals.
    ['5', '5'],
    ['0x1F', '31'],
    ['-3', '-3'],
    ['true', 'true'],
    ['no', 'false'],
    ['[]', 'nil'],
    ['1d2h', '1d02:00:00'],
    ['00:05:00', '00:05:00'],
    ['500ms', '00:00:00.500'],
    ['*1f', '*1F'],
    ['10.0.0.1', '10.0.0.1'],
    ['2001:DB8::0:1', '2001:db8::1'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['word', '"word"'],
    ['1.2.3.400', '"1.2.3.400"'],
    ['{1;"b";c;{2}}', '1;b;c;2'],
    ['{a=1;"b c"=2}', 'a=1;b c=2'],
    ['"a\\"b\\\\\\$x\\n\\_\\41\\C3\\A4\\E4"', '"a"b\\$x\n AÃ¤ä"'],
    ['"\\C3\\A4"', '"ä"'],
    ['"ends with $"', '"ends with $"'],
    ['"one \\\n    line"', '"one line"'],
    // Arithmetic.
    ['(1+2*3)', '7'],
    ['((1+2)*3)', '9'],
    ['(7/2-7%4)', '0'],
    ['(-7/2)', '-3'],
    ['(10 - 3 - 2)', '5'],
    ['("2"+3)', '5'],
    ['(1d+60)', '1d00:01:00'],
    ['(1h*2)', '02:00:00'],
    ['(1h/1m)', '60'],
    ['(6&3|8)', '10'],
    ['(1<<4>>2)', '4'],
    ['(5^1)', '4'],
    ['(~0)', '-1'],
    ['(- -5)', '5'],
    // Comparison and logic.
    ['(1<2 && 2<=2)', 'true'],
    ['(1>2 || !false)', 'true'],
    ['(true and false or true)', 'true'],
    ['(10>9)', 'true'],
    ['("10">9)', 'true'],
    ['("a"="a" and "a"!="b")', 'true'],
    ['([]="")', 'true'],
    ['([]<5)', 'false'],
    ['(1h<60m)', 'false'],
    ['(90=1m30s)', 'true'],
    ['("abc"~"^a.c\\$")', 'true'],
    ['({"x";"yz"}~"z")', 'true'],
    ['(2 in {1;2})', 'true'],
    ['(10.1.2.3 in 10.0.0.0/8)', 'true'],
    ['(10.1.2.3 in 10.1.2.0/25)', 'true'],
    ['(10.1.2.200 in 10.1.2.0/25)', 'false'],
    ['(2001:db8::1 in 2001:db8::/32)', 'true'],
    ['(10.1.2.3 in 2001:db8::/32)', 'false'],
    // Texts and arrays.
    ['("a" . 1 . "b")', '"a1b"'],
    ['("a" . "b" = "ab")', 'true'],
    ['(1,2,3)', '1;2;3'],
    ['({1;2},{3})', '1;2;3'],
    ['({a=1;b={c=2}}->"b"->"c")', '2'],
    ['({10;20}->1)', '20'],
    ['({a=1}->"z")', 'nil'],
    ['"1+1=$(1+1), $[:len "abc"]"', '"1+1=2, 3"'],
    // Commands.
    ['[:len {1;2;3}]', '3'],
    ['[:len "äö"]', '2'],
    ['[:pick "hello" 1]', '"e"'],
    ['[:pick "hello" 1 3]', '"el"'],
    ['[:pick "hello" 1 99]', '"ello"'],
    ['[:pick {1;2;3} 1 3]', '2;3'],
    ['[:pick {1;2;3} 2]', '3'],
    ['[:find "hello" "l"]', '2'],
    ['[:find "hello" "l" 2]', '3'],
    ['[:find {5;6} 6]', '1'],
    ['[:find "hello" "z"]', 'nil'],
    ['[:tostr 1d]', '"1d00:00:00"'],
    ['[:tonum "42"]', '42'],
    ['[:tonum "x"]', 'nil'],
    ['[:tobool "yes"]', 'true'],
    ['[:toarray "a, b,3"]', 'a;b;3'],
    ['[:toid "*a"]', '*A'],
    ['[:totime "90"]', '00:01:30'],
    ['[:toip "1.2.3.4"]', '1.2.3.4'],
    ['[:toip "::1"]', 'nil'],
    ['[:toip6 "::1"]', '::1'],
    ['[/person/get ann name]', '"ann"'],
    ['([/person/get ann]->"age")', '40'],
    ['[/person/find where !away]', '*1;*A'],
    ['[/person/print count-only where away]', '1'],
    ['[/person/add name=x]', '*1F'],
    ['[:nothing]', 'nil'],
  ])('%s is %s', async (expression, value) => {
    expect(await evaluated(expression)).toBe(value);
  });

  test.each([
    ['1', 'num'],
    ['"1"', 'str'],
    ['yes', 'bool'],
    ['10.0.0.1', 'ip'],
    ['::1', 'ip6'],
    ['10.0.0.0/8', 'ip-prefix'],
    ['::/0', 'ip6-prefix'],
    ['*1', 'id'],
    ['1s', 'time'],
    ['{}', 'array'],
    ['[]', 'nil'],
    ['$unset', 'nothing'],
    ['({a=1}->"b")', 'nothing'],
  ])('the type of %s is %s', async (expression, type) => {
    expect(await output(`:local unset; :put [:typeof ${expression}]`)).toEqual([type]);
  });

  test.each([
    ':put (1+"x")',
    ':put (1/0)',
    ':put (1%0)',
    ':put (9007199254740991+1)',
    ':put (1<<64)',
    ':put (1d*1d)',
    ':put [:pick "a" x]',
  ])('%s makes no sense', async (source) => {
    expect(await errorOf(source)).toMatchObject({ code: 'type' });
  });
});

describe('arguments', () => {
  test('words that are names keep their text', async () => {
    await output('/person/add name=007; /person/add name=1d nick=yes; /person/add name=0x10');
    expect(log).toEqual(['add {"name":"007"}', 'add {"name":"1d","nick":"yes"}', 'add {"name":"0x10"}']);
  });

  test('may be abbreviated, in any letter case, and spread over lines', async () => {
    await output('/per add NAM="a b" \\\n  ki=child away=no # who else\n');
    expect(log).toEqual(['add {"name":"a b","kind":"child","away":false}']);
  });

  test('an item is a number of the last print, a name, an id or what was found', async () => {
    await output('/person { remove 0; remove ann,bob; remove *A; remove [find age>10]; remove 1,ann }');
    expect(log).toEqual(['remove bob', 'remove ann bob', 'remove 7', 'remove ann', 'remove ann']);
  });

  test('a number is none in a script', async () => {
    await expect(new TestConsole().run('/person/remove 0', script)).rejects.toMatchObject({ code: 'no-such-item' });
  });

  test('brackets look commands up in the menu of the command around them', async () => {
    await output('/person remove [find name="bob"]');
    expect(log).toEqual(['remove bob']);
  });

  test('a menu by itself is where the next line begins', async () => {
    const console = new TestConsole();
    await console.run('/person');
    await console.run('pets');
    expect(console.path).toBe('/person/pets');
    await console.run('.. print');
    await console.run('../find');
    await console.run('/person { print }');
    expect(console).toMatchObject({ path: '/person/pets', shown: ['/person: 0 1 2', '/person: 0 1 2'] });
    await console.run('..');
    await console.run('/');
    expect(console.path).toBe('/');
  });

  test('a menu by itself holds to the end of its block', async () => {
    const console = new TestConsole();
    await console.run('{ /person; print }; /person; print; { pets }; :put [/partner]; print');
    expect(console).toMatchObject({ path: '/person', shown: ['/person: 0 1 2', '/person: 0 1 2', '', '/person: 0 1 2'] });
    expect(await errorOf('{ /person }; print')).toMatchObject({ code: 'bad-command' });
  });

  test('a colon leads to a menu of the root, too', async () => {
    await output(':log info "a $[:len {1;2}]"');
    expect(log).toEqual(['info a 2']);
  });
});

describe('where', () => {
  test.each([
    ['name="ann"', '0'],
    ['name=ann', '0'],
    ['name="7"', '2'],
    ['name=7', '2'],
    ['name~"^[ab]"', '0 1'],
    ['age>7', '0'],
    ['age>=7', '0 2'],
    ['age<50', '0 2'],
    ['age=[]', '1'],
    ['age', '0 2'],
    ['!age', '1'],
    ['away', '1'],
    ['away=yes', '1'],
    ['away=no', '0 2'],
    ['!away', '0 2'],
    ['!away age>7', '0'],
    ['!away and age>7', '0'],
    ['(away or age=7)', '1 2'],
    ['(name=ann or name=bob) !away', '0'],
    ['!(name~"a")', '1 2'],
    ['!name="ann"', '1 2'],
    ['name = "ann" || name = "bob"', '0 1'],
    ['name=("a" . "nn")', '0'],
    ['.id=*2', '1'],
    ['.id in {*1;*A}', '0 2'],
    ['[:len $name]=1', '2'],
    ['[:len $name]>1 !away', '0'],
    ['name=[/person/get ann name]', '0'],
    ['false', ''],
  ])('%s', async (where, numbers) => {
    expect(await output(`/person/print where ${where}`)).toEqual([`/person: ${numbers}`]);
  });

  test('a variable of the script is meant before a property of its name', async () => {
    expect(await output(':local name bob; /person/print where name=$name')).toEqual(['/person: 1']);
  });

  test('an error in it is that of the expression', async () => {
    expect(await errorOf('/person/print where (age+name)=1')).toMatchObject({ code: 'type', message: 'expected a number, not "ann"' });
    expect(await errorOf('/person/print where [:error $name]')).toMatchObject({ code: 'thrown', message: 'ann' });
  });
});

describe('statements', () => {
  test('variables live as long as their block', async () => {
    expect(await output(':local x 1; { :local x 2; :put $x }; :put $x; { :set x 3 }; :put $x')).toEqual(['2', '1', '3']);
  });

  test('globals outlive the line', async () => {
    const console = new TestConsole();
    await console.run(':global n 5; :global "a b" text');
    await console.run(':put $n; :put $"a b"; :set n ($n + 1)');
    await console.run(':global n; :put $n; :environment print');
    expect(console.shown).toEqual(['5', 'text', '6', 'n=6', 'a b="text"']);
  });

  test('set changes an element', async () => {
    expect(await output(':local x {a=1;5}; :set ($x->"b"->"c") 2; :set ($x->1) 6; :set ($x->"a"); :put $x')).toEqual(['6;b=c=2']);
    expect(await errorOf(':local x 1; :set ($x->"a") 2')).toMatchObject({ message: 'not an array' });
    expect(await errorOf(':local x {1}; :set ($x->1) 2')).toMatchObject({ message: 'no such element' });
    expect(await errorOf(':local x {1}; :set ($x + 1) 2')).toMatchObject({ code: 'syntax' });
  });

  test('if and else', async () => {
    expect(
      await output(':if (1 < 2) do={:put yes} else={:put no}; :if ([:len "a"] = 2) do={:put a} else={:put b}; :if (false) do={:put c}'),
    ).toEqual(['true', 'b']);
  });

  test('for, foreach and while', async () => {
    expect(
      await output(':for i from=1 to=3 do={:put $i}; :for i from=3 to=1 do={:put $i}; :for i from=0 to=10 step=5 do={:put $i}'),
    ).toEqual(['1', '2', '3', '3', '2', '1', '0', '5', '10']);
    expect(
      await output(':foreach v in={a;b} do={:put $v}; :foreach k,v in={x=1;9} do={:put "$k:$v"}; :foreach v in=one do={:put $v}'),
    ).toEqual(['a', 'b', 'x:1', '1:9', 'one']);
    expect(
      await output(':local i 0; :while ($i < 3) do={:set i ($i + 1)}; :put $i; :do {:set i ($i + 1)} while=($i < 6); :put $i'),
    ).toEqual(['3', '6']);
  });

  test('errors can be caught', async () => {
    expect(await output(':do {/person/get nobody} on-error={:put caught}; :onerror e in={:error "bad"} do={:put "got $e"}')).toEqual([
      'caught',
      'got bad',
    ]);
  });

  test('retry tries again after a pause', async () => {
    const console = new TestConsole();
    await console.run(':local n 0; :retry command={:set n ($n + 1); :if ($n < 3) do={:error x}} delay=2s max=5; :put $n');
    expect(console).toMatchObject({ shown: ['3'], slept: [2000, 2000] });
    expect(await output(':retry command={:error x} delay=0 max=2 on-error={:put gave}')).toEqual(['gave']);
  });

  test('delay waits', async () => {
    const console = new TestConsole();
    await console.run(':delay; :delay 2; :delay 100ms');
    expect(console.slept).toEqual([1000, 2000, 100]);
  });

  test('commands of the language need no colon where the menu has no such command', async () => {
    expect(await output('put 1; /person { put 2 }')).toEqual(['1', '2']);
  });

  test('an earlier statement has its effect though a later one fails', async () => {
    await errorOf('/person/add name=one; /person/get nobody; /person/add name=two');
    expect(log).toEqual(['add {"name":"one"}']);
  });

  test('a byte order mark is nothing', async () => {
    expect(await output('\ufeff:put 1')).toEqual(['1']);
  });

  test('comments, blank lines and semicolons are nothing', async () => {
    expect(await output('# first\n;;\n:put a#b # the end\r\n\t:put "# no comment"; # x\n#')).toEqual(['a#b', '# no comment']);
  });
});

describe('limits', () => {
  test('a program ends after so many steps', async () => {
    expect(await errorOf(':while (true) do={}', { steps: 5_000 })).toMatchObject({ code: 'limit', message: 'stopped after 5000 steps' });
    expect(await errorOf(':do {:while (true) do={}} on-error={}', { steps: 5_000 })).toMatchObject({ code: 'limit' });
  });

  test('Ctrl-C ends a loop that never waits, and no script can catch it', async () => {
    const source = new CancelSource();
    const console = new TestConsole();
    const call = { caller: atConsole, cancel: source, progress: () => undefined, warn: () => undefined };
    const running = console.run(':put on; :do {:while (true) do={}} on-error={:put off}', atConsole, call);
    source.cancel();
    await expect(running).rejects.toMatchObject({ code: 'interrupted', message: 'interrupted' });
    expect(console.shown).toEqual(['on']);
  });

  test('a variable keeps nothing more where too little memory is left, and no script can catch it', async () => {
    const console = new TestConsole();
    await console.run(':global a "kept"');
    console.crowded = true;
    const refused = { code: 'limit', message: 'too little memory is left on this router for another value' };
    for (const source of [':local b 1', ':set a "more"', ':set ($a->"x") 1', ':do {:global b 1} on-error={}']) {
      await expect(console.run(source), source).rejects.toMatchObject(refused);
    }
    await console.run(':local b; :put $a; :set a; :put [:typeof $a]');
    expect(console.shown).toEqual(['kept', 'nothing']);
  });

  test('a text can not grow without end', async () => {
    expect(await errorOf(':local x "0123456789abcdef"; :for i from=1 to=40 do={:set x ($x . $x)}')).toMatchObject({ code: 'type' });
  });

  test('an array can not grow without end', async () => {
    expect(await errorOf(':local x {1;2;3;4}; :for i from=1 to=40 do={:set x ($x , $x)}')).toMatchObject({ code: 'type' });
  });

  test('nor what a text or an array is made of', async () => {
    const long = ':local x "0123456789abcdef"; :for i from=1 to=17 do={:set x "$x$x"}';
    expect(await errorOf(`${long}; :set x "$x$x"`)).toMatchObject({ message: 'a text may have 4000000 characters' });
    const heavy = 'the texts in an array may have 16000000 characters';
    expect(await errorOf(`${long}; :local a {$x;$x;$x;$x;$x;$x;$x;$x}`)).toMatchObject({ code: 'type', message: heavy });
    expect(await errorOf(`${long}; :local a ""; :for i from=1 to=8 do={:set a ($a,$x)}`)).toMatchObject({ message: heavy });
    expect(await errorOf(`${long}; :local a {b=1}; :for i from=1 to=8 do={:set ($a->"$i") $x}`)).toMatchObject({ message: heavy });
  });

  test('arrays can not stand in one another without end', async () => {
    const deep = 'arrays may stand 100 deep in one another';
    expect(await errorOf(':local a {1}; :for i from=1 to=1000 do={:set a {$a}}')).toMatchObject({ code: 'type', message: deep });
    expect(await errorOf(':local a {b=1}; :for i from=1 to=1000 do={:set ($a->"b") $a}')).toMatchObject({ message: deep });
    const wide = 'the arrays in an array may have 1000000 elements';
    const million = ':local a {1}; :for i from=1 to=17 do={:set a ($a,$a)}';
    expect(await errorOf(`${million}; :local b {$a;$a;$a;$a;$a;$a;$a;$a}`)).toMatchObject({ message: wide });
  });
});
