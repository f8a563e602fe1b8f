/** A difference between our command tree and RouterOS 7.24's: the paths it is about (`*` any text, `{a,b}` either), and why. */
export interface Difference {
  readonly paths: string;
  readonly reason: string;
}

/** What RouterOS has and we have not. */
export const theirs: readonly Difference[] = [
  { paths: '/certificate/{acme-renew,add-acme,enable-ssl-certificate}*', reason: 'ACME comes later' },
  { paths: '/certificate/{add-scep,scep-renew,scep-server}*', reason: 'SCEP comes later' },
  { paths: '/certificate/{card-reinstall,card-verify}*', reason: 'smart cards are not supported' },
  { paths: '/certificate/sign ca-on-smart-card', reason: 'smart cards are not supported' },
  { paths: '/certificate/{crl,settings,builtin}/*', reason: 'CRL download and the trust store come with the web service' },
  { paths: '/*/edit*', reason: 'the full-screen editor comes later' },
  { paths: '/*/export*', reason: 'the export of the configuration comes later; certificates are never part of it' },
  { paths: '/{user,log}/{recursive-print,print with-extra-info}', reason: 'not documented' },
  {
    paths: '/*/print {follow,follow-only,interval,timestamp,on-event}',
    reason: 'following changes comes with the API, which has the same need',
  },
  {
    paths: '/*/print {active,inactive,group-by,comments,show-sensitive,oid}',
    reason: 'come later; nothing here is inactive or sensitive',
  },
  { paths: '/file/print {path,recursive,relative,show-hidden}', reason: 'come later; where name~ does it' },
  { paths: '/*/get {as-string,as-string-value}', reason: 'come with REST' },
  {
    paths:
      '/certificate/{sign,create-certificate-request} {append,as-value,do,duration,file,freeze-frame-interval,interval,once,without-paging}',
    reason: 'progress is shown as it is reported, not sampled',
  },
  { paths: '/certificate/sign-certificate-request as-value', reason: 'it gives the id of what it issued, and shows the name' },
  { paths: '/certificate/reset name', reason: 'an item always has a name' },
  { paths: '/file/{head,tail,read,reset}*', reason: 'come later; get contents reads 60 KiB' },
  { paths: '/file/set type', reason: 'a type follows from the name' },
  { paths: '/user/{aaa,active,settings}/*', reason: 'come with the network logins' },
  { paths: '/user/ssh-keys/private/*', reason: 'this router logs in nowhere: it has no SSH client' },
  { paths: '/user/{expire-password,reset}*', reason: 'come with the network logins' },
  { paths: '/user/{add,set} {address,inactivity-policy,inactivity-timeout,copy-from}', reason: 'come with the network logins' },
  { paths: '/user/group/{comment,reset}*', reason: 'set comment= does it' },
  { paths: '/user/group/{add,set} {copy-from,skin}', reason: 'there are no skins' },
  {
    paths: '/ip/service/{set,reset} {vrf,available-from}',
    reason: "routes and tables of routes are the host's; address= says who may come",
  },
  { paths: '/ip/service/webserver/{set,reset} {webfig,graphs,index}-*', reason: 'there is no web page yet' },
  { paths: '/ip/service/webserver/{set,reset} {acme,scep}-plain', reason: 'ACME and SCEP come later' },
  { paths: '/system/clock/manual/*', reason: "the time zone is the host's" },
  { paths: '/system/clock/{set,reset} {time-zone-autodetect,time-zone-name,date,time}', reason: "the time zone is the host's" },
  { paths: '/system/{identity,clock}/reset*', reason: 'come later' },
  { paths: '/system/resource/{cpu,hardware,irq,monitor}*', reason: "the kernel's own tools show the hardware" },
];

/** What we have and RouterOS has not. */
export const ours: readonly Difference[] = [
  { paths: '/certificate/issued-revoke reason', reason: 'CRLs say why' },
  { paths: '/certificate/verify*', reason: 'shows whom the router trusts, and why not' },
  { paths: '/certificate/sign-certificate-request key-usage', reason: 'the CA decides what a stranger gets' },
  { paths: '/log/print from', reason: 'the same arguments in every print' },
  { paths: '/ip/service/webserver/print proplist', reason: 'the same arguments in every print' },
  { paths: '/system/*/print {proplist,without-paging}', reason: 'the same arguments in every print' },
  { paths: '/system/{backup/*,reset-configuration}', reason: 'RouterOS has it in a part of the tree that the data leaves out' },
];
