import{createHash as createHash3,generateKeyPairSync}from"node:crypto";import{z}from"zod";var FILE="pause.json",BEGUN="begun",AGAIN_MS=1e3,Saved=z.object({paused:z.boolean(),
sessionSeen:z.boolean()}),FRESH={pause:{name:"running"},restarted:!1},PauseMemory=class{constructor(storage,log){
this.storage=storage;this.log=log}storage;log;kept;begun=!1;tried;writing=!1;againMs=Number.NEGATIVE_INFINITY;failing=!1;get works(){
return this.begun||!this.storage}async recall(nowMs){let{storage}=this;if(!storage)return FRESH;let[
text,begun]=await Promise.all([storage.read(FILE).catch(()=>""),storage.read(BEGUN).catch(()=>"")]);
if(await this.begin(storage,nowMs),text===void 0&&begun===void 0)return FRESH;let saved=text===void 0?
void 0:parse(text);return text!==void 0&&!saved&&this.log.error({file:FILE},"cannot be understood: t\
he robot starts paused"),saved?.paused===!1&&this.begun?{pause:{name:"running"},restarted:!0}:{pause:{
name:"paused",sessionSeen:saved?.paused===!0?saved.sessionSeen:!0,emptySinceMs:nowMs},restarted:!0}}keep(pause,nowMs){
let paused=pause.name==="paused",sessionSeen=paused&&pause.sessionSeen;this.kept?.paused===paused&&this.
kept.sessionSeen===sessionSeen&&this.begun||this.writing||!this.storage||!(paused&&this.tried!==!0)&&
nowMs<this.againMs||this.write(this.storage,{paused,sessionSeen},nowMs)}async write(storage,saved,nowMs){
this.writing=!0,this.againMs=nowMs+AGAIN_MS,this.tried=saved.paused,this.begun||await this.begin(storage,
nowMs);let gone=!0;saved.paused&&this.kept?.paused!==!0&&(gone=await storage.remove(FILE).then(()=>!0,
()=>!1));try{await storage.write(FILE,JSON.stringify(saved)),this.kept=saved,this.failing=!1}catch(error){
this.fails(error),this.kept=saved.paused&&gone?{paused:!0,sessionSeen:!0}:void 0,this.begun&&=await storage.
read(BEGUN).catch(()=>{})!==void 0}this.writing=!1}async begin(storage,nowMs){try{await storage.write(
BEGUN,""),this.begun=!0}catch(error){this.againMs=nowMs+AGAIN_MS,this.fails(error)}}fails(why){this.
failing||this.log.error({why:String(why)},"the pause cannot be kept; trying again"),this.failing=!0}};
function parse(text){try{return Saved.safeParse(JSON.parse(text)).data}catch{return}}import{z as z2}from"zod";var JsonTextError=class extends Error{constructor(field,message){super(message);this.field=field}field;name="\
JsonTextError"};function parseJsonText(text){return new JsonText(text).parse()}var BYTE_ORDER_MARK="\
\uFEFF",NO_UTF8="�",SPACE=/[ \t\r\n]*/y,NUMBER=/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y,
WORD=/[A-Za-z_$][\w$]*/y,STRING=/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y,WORDS={
true:!0,false:!1,null:null},MAX_DEPTH=100,JsonText=class{constructor(text){this.text=text}text;at=0;path=[];parse(){
if(this.expectUtf8(),this.text.startsWith(BYTE_ORDER_MARK)&&(this.at=1),this.skip(),this.at===this.text.
length)throw this.wrong("it is empty");let value=this.value();if(this.skip(),this.at<this.text.length)
throw this.wrong(`nothing may follow, found ${this.found()}`);return value}expectUtf8(){let nul=this.
text.indexOf("\0");if(nul>=0)throw this.wrong("zero bytes: is it UTF-16? save it as UTF-8",Math.min(
nul,1));let bad=this.text.indexOf(NO_UTF8);if(bad>=0)throw this.wrong("a letter that is not UTF-8; s\
ave it as UTF-8",bad)}value(){let{text}=this;if(this.path.length>MAX_DEPTH)throw this.wrong("too dee\
p");switch(text[this.at]){case"{":return this.object();case"[":return this.array();case'"':return this.
string()}let number=this.match(NUMBER);if(number!==void 0)return Number(number);let start=this.at,word=this.
match(WORD);if(word!==void 0&&Object.hasOwn(WORDS,word))return WORDS[word];throw this.at=start,this.
wrong(`a value expected, found ${this.found()}${this.hint()}`)}object(){let entries=[],first=new Map;
return this.members("}",()=>{let start=this.at;if(this.text[this.at]!=='"')throw this.wrong(`a name \
in "quotes" expected, found ${this.found()}${this.hint()}`);let name=this.string();this.path.push(name);
let before=first.get(name);if(before!==void 0)throw this.twice(before,start);if(first.set(name,start),
this.skip(),this.text[this.at]!==":")throw this.wrong(`":" expected, found ${this.found()}`);this.at+=
1,this.skip(),entries.push([name,this.value()]),this.path.pop()}),Object.fromEntries(entries)}array(){
let values=[];return this.members("]",()=>{this.path.push(values.length),values.push(this.value()),this.
path.pop()}),values}members(close,one){let opened=this.at;if(this.at+=1,this.skip(),this.text[this.at]===
close){this.at+=1;return}for(;;){one(),this.skip();let next=this.text[this.at];if(next===void 0)throw this.
wrong(`"${close}" is missing for the bracket of ${this.placeOf(opened)}`);if(next!==","&&next!==close)
throw this.wrong(`"," or "${close}" expected, found ${this.found()}${this.hint()}`);let comma=this.at;
if(this.at+=1,next===close)return;if(this.skip(),this.text[this.at]===close)throw this.wrong(`take a\
way the comma before "${close}"`,comma)}}string(){let quoted=this.match(STRING);if(quoted!==void 0)return JSON.
parse(quoted);throw this.wrong('text in "quotes" that is not closed in its line, or has a wrong \\')}match(pattern){
pattern.lastIndex=this.at;let[found]=pattern.exec(this.text)??[];return found!==void 0&&(this.at+=found.
length),found}skip(){this.match(SPACE)}found(){if(this.at>=this.text.length)return"the end of the fi\
le";let rest=this.text.slice(this.at,this.at+12).split(/\s/,1)[0];return JSON.stringify(rest)}hint(){
let rest=this.text.slice(this.at,this.at+2);return/^(\/\/|\/\*|#)/.test(rest)?"; JSON has no comment\
s, take them away":/^['\u2018-\u201f\u00ab\u00bb]/.test(rest)?"; use straight double quotes":""}twice(first,second){
let[one,two]=[this.placeOf(first),this.placeOf(second)];return new JsonTextError(this.path.join("."),
`stands twice, in ${one} and in ${two}; keep one`)}wrong(what,at=this.at){return new JsonTextError("",
`expected JSON (${this.placeOf(at)}: ${what})`)}placeOf(at){let mark=this.text.startsWith(BYTE_ORDER_MARK)?
1:0,lines=this.text.slice(mark,at).split(`
`);return`line ${lines.length}, column ${(lines.at(-1)?.length??0)+1}`}};var pulse=z2.number().min(500).max(2500),AxisFile=z2.looseObject({zeroUs:pulse,usPerDeg:z2.number().
refine(us=>Math.abs(us)>=1&&Math.abs(us)<=30,{message:"expected 1..30 or -30..-1 microseconds per de\
gree"}),minUs:pulse,maxUs:pulse,encoderZeroDeg:z2.number().min(0).lt(360),encoderDirection:z2.union(
[z2.literal(1),z2.literal(-1)])}).refine(axis=>axis.minUs<axis.maxUs,{path:["minUs"],message:"expect\
ed less than maxUs"}).refine(axis=>axis.zeroUs>=axis.minUs&&axis.zeroUs<=axis.maxUs,{path:["zeroUs"],
message:"expected minUs..maxUs"}),CalibrationFile=z2.looseObject({pan:AxisFile,tilt:AxisFile}),CalibrationError=class extends Error{name="\
CalibrationError"};function parseCalibration(text,file){let parsed=CalibrationFile.safeParse(json(text,
file));if(!parsed.success){let[issue]=parsed.error.issues,field=issue?.path.join(".")||"the whole fi\
le";throw new CalibrationError(`${file}: ${field}: ${issue?.message??"unreadable"}; run \`deskmate ca\
librate\` again`)}return parsed.data}function json(text,file){try{return parseJsonText(text)}catch(error){
if(!(error instanceof JsonTextError))throw error;let field=error.field||"the whole file";throw new CalibrationError(
`${file}: ${field}: ${error.message}; run \`deskmate calibrate\` again`)}}var silentLog={debug:()=>{},info:()=>{},warn:()=>{},error:()=>{},child:()=>silentLog};var METHODS=["decrypt","deriveBits","deriveKey","digest","encrypt","exportKey","generateKey","import\
Key","sign","unwrapKey","verify","wrapKey"],pending=new Set,watched=!1;function watchRealWork(){if(watched)
return;watched=!0;let subtle=Object.getPrototypeOf(globalThis.crypto.subtle);for(let method of METHODS){
let original=subtle[method];if(typeof original!="function")throw new Error(`no crypto.subtle.${method}`);
subtle[method]=function(...args){let work=original.apply(this,args),forget=()=>{pending.delete(work)};
return pending.add(work),work.then(forget,forget),work}}}function realWork(){return pending.size===0?
void 0:Promise.allSettled(pending)}var SETTLE_ROUNDS=25,SimClock=class{nowMs=1e3;wallOffsetMs=Date.UTC(2026,0,12,8,0,0)-1e3;order=0;entries=[];constructor(){
watchRealWork()}now(){return this.nowMs}wall(){return this.nowMs+this.wallOffsetMs}jumpWall(ms2){this.
wallOffsetMs+=ms2}after(ms2,act){let entry={atMs:this.nowMs+Math.max(0,ms2),order:this.order++,act};
return this.entries.push(entry),{cancel:()=>{this.entries=this.entries.filter(other=>other!==entry)}}}every(ms2,act){
if(!(ms2>0))throw new RangeError(`every: expected more than 0 ms, got ${ms2}`);let start=this.nowMs,
beat=0,timer={cancel:()=>{}},arm=()=>{beat+=1,timer=this.after(start+beat*ms2-this.nowMs,()=>{arm(),
act()})};return arm(),{cancel:()=>timer.cancel()}}async advance(ms2){let end=this.nowMs+ms2;for(await settle();;){
let next=this.takeDue(end);if(!next)break;this.nowMs=Math.max(this.nowMs,next.atMs),next.act(),await settle()}
this.nowMs=end,await settle()}async until(done,limitMs,stepMs=10){let end=this.nowMs+limitMs;for(;!done();){
if(this.nowMs>=end)throw new Error(`not reached within ${limitMs} ms of simulated time`);await this.
advance(stepMs)}}takeDue(end){let best;for(let entry of this.entries)entry.atMs>end||(!best||entry.atMs<
best.atMs||entry.atMs===best.atMs&&entry.order<best.order)&&(best=entry);return best&&(this.entries=
this.entries.filter(entry=>entry!==best)),best}};async function settle(){for(;;){for(let round=0;round<
SETTLE_ROUNDS;round++)await Promise.resolve();let work=realWork();if(!work)return;await work}}import{z as z5}from"zod";import{z as z4}from"zod";import{z as z3}from"zod";var RobotId=z3.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/,"exp\
ected 1-32 of a-z, 0-9 and hyphen"),PeerId=z3.string().regex(/^[0-9a-f]{32}$/,"expected 32 hex digit\
s"),root=robot=>`deskmate/1/${robot}`,topics={state:robot=>`${root(robot)}/$state`,telemetry:robot=>`${root(
robot)}/telemetry`,usage:robot=>`${root(robot)}/usage`,timeQuestion:robot=>`${root(robot)}/time/ask`,
timeAnswer:robot=>`${root(robot)}/time/answer`,toRobot:(robot,peer)=>`${root(robot)}/signal/${peer}/\
up`,toPeer:(robot,peer)=>`${root(robot)}/signal/${peer}/down`,allPeers:robot=>`${root(robot)}/signal\
/+/up`};var Token=z4.string().max(4e4).regex(/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){2}(?:(?:\.[A-Za-z0-9_-]*){2})?$/,
"expected a compact JWS or JWE"),Nonce=z4.string().regex(/^[A-Za-z0-9_-]{22}$/,"expected 128 bits in\
 base64url"),Thumbprint=z4.string().regex(/^[A-Za-z0-9_-]{43}$/,"expected an RFC 7638 SHA-256 thumbp\
rint"),Coordinate=z4.string().regex(/^[A-Za-z0-9_-]{43}$/),iat=z4.number().int(),PublicJwk=z4.strictObject(
{kty:z4.literal("EC"),crv:z4.literal("P-256"),x:Coordinate,y:Coordinate}),FEATURES=["trickle","iceSe\
rvers","iceRestart"],Features=z4.array(z4.string().max(32)).max(16);var SignalUp=z4.discriminatedUnion("kind",[z4.object({kind:z4.literal("hello"),nonce:Nonce,features:Features.
exactOptional(),device:Token.exactOptional()}),z4.object({kind:z4.literal("bind"),token:Token}),z4.object(
{kind:z4.literal("offer"),token:Token}),z4.object({kind:z4.literal("candidates"),token:Token}),z4.object(
{kind:z4.literal("bye"),token:Token})]),SignalDown=z4.discriminatedUnion("kind",[z4.object({kind:z4.
literal("challenge"),token:Token}),z4.object({kind:z4.literal("bound"),token:Token}),z4.object({kind:z4.
literal("answer"),token:Token}),z4.object({kind:z4.literal("candidates"),token:Token}),z4.object({kind:z4.
literal("restart"),token:Token}),z4.object({kind:z4.literal("refused"),token:Token})]),TYP={hello:"d\
eskmate-hello+jws",challenge:"deskmate-challenge+jws",bind:"deskmate-bind+jws",bound:"deskmate-bound\
+jws",offer:"deskmate-offer+jws",answer:"deskmate-answer+jws",deviceCandidates:"deskmate-device-cand\
idates+jws",robotCandidates:"deskmate-robot-candidates+jws",restart:"deskmate-restart+jws",refused:"\
deskmate-refused+jws",bye:"deskmate-bye+jws",time:"deskmate-time+jws"},HelloPayload=z4.object({robot:RobotId,
peer:PeerId,nonce:Nonce,iceKey:PublicJwk,iat}),IceServers=z4.object({iceServers:z4.array(z4.object({
urls:z4.union([z4.string().max(300),z4.array(z4.string().max(300)).min(1).max(8)]),username:z4.string().
max(500).exactOptional(),credential:z4.string().max(500).exactOptional()})).max(8)}),ChallengePayload=z4.
object({robot:RobotId,peer:PeerId,nonce:Nonce,challenge:Nonce,encryptionKey:PublicJwk,features:Features.
exactOptional(),ice:z4.string().max(16e3).exactOptional(),iat}),BindPayload=z4.object({robot:RobotId,
peer:PeerId,challenge:Nonce,invitation:Nonce,iat}),BoundPayload=z4.object({robot:RobotId,peer:PeerId,
challenge:Nonce,device:Thumbprint,iat}),OfferPayload=z4.object({robot:RobotId,peer:PeerId,challenge:Nonce,
sdp:z4.string().min(1).max(3e4),trickle:z4.boolean().exactOptional(),restart:z4.boolean().exactOptional(),
iat}),AnswerPayload=z4.object({robot:RobotId,peer:PeerId,challenge:Nonce,offerHash:Thumbprint,sdp:z4.
string().min(1).max(3e4),iat}),RestartPayload=z4.object({robot:RobotId,peer:PeerId,challenge:Nonce,iat}),
ByePayload=z4.object({robot:RobotId,peer:PeerId,challenge:Nonce,iat}),AccessRefusal=z4.enum(["inUse",
"malformed","tooLong","tooMany","staleChallenge","notAuthentic","unknownDevice","invitationUnknown",
"invitationUsed","invitationExpired","clockUnknown","notAvailable"]),RefusedPayload=z4.object({robot:RobotId,
peer:PeerId,inReplyTo:z4.union([Nonce,Thumbprint]).nullable(),reason:AccessRefusal.catch("notAvailab\
le"),iat});var Invitation=z5.strictObject({robot:RobotId,secret:Nonce,robotKey:z5.string().regex(/^[A-Za-z0-9_-]{43}$/,
"expected a SHA-256 thumbprint in base64url"),expires:z5.number().int().positive(),broker:z5.string().
max(200).regex(/^wss?:\/\//,"expected a ws:// or wss:// address")});function formatInvitation(page,invitation){
let{robot,secret:secret2,robotKey,expires,broker}=invitation,fields=new URLSearchParams({r:robot,s:secret2,
k:robotKey,e:String(expires),b:broker});return`${page}#${fields}`}import{CompactEncrypt,compactDecrypt,decodeProtectedHeader,importJWK as importJWK2}from"jose";import{
z as z7}from"zod";import{base64url,CompactSign,calculateJwkThumbprint,compactVerify,importJWK}from"jose";import{z as z6}from"zod";var SIGNATURE_ALG="ES256",Header=z6.strictObject({alg:z6.literal(SIGNATURE_ALG),typ:z6.enum(Object.values(
TYP)),jwk:PublicJwk});function signToken(signer,typ,payload){return new CompactSign(new TextEncoder().
encode(JSON.stringify(payload))).setProtectedHeader({alg:SIGNATURE_ALG,typ,jwk:signer.jwk}).sign(signer.
key)}async function openToken(token,typ,schema,precheck=()=>{}){let parts2=decodeParts(token);if(!parts2)
return{ok:!1,reason:"malformed"};let header=Header.safeParse(parts2.header);if(!header.success||header.
data.typ!==typ)return{ok:!1,reason:"notAuthentic"};let payload=schema.safeParse(parts2.payload);if(!payload.
success)return{ok:!1,reason:"malformed"};let early=precheck(payload.data);if(early!==void 0)return{ok:!1,
reason:early};let{jwk}=header.data;return await signatureHolds(token,jwk)?{ok:!0,payload:payload.data,
signer:await thumbprint(jwk),jwk}:{ok:!1,reason:"notAuthentic"}}function thumbprint(jwk){return calculateJwkThumbprint(
jwk,"sha256")}async function hashToken(token){let digest=await crypto.subtle.digest("SHA-256",new TextEncoder().
encode(token));return base64url.encode(new Uint8Array(digest))}function freshNonce(){return base64url.
encode(crypto.getRandomValues(new Uint8Array(16)))}function publicJwk(exported){let{kty,crv,x,y}=exported;return PublicJwk.parse({kty,crv,x,y})}async function signatureHolds(token,jwk){
try{let key=await importJWK(jwk,SIGNATURE_ALG);return await compactVerify(token,key,{algorithms:[SIGNATURE_ALG]}),
!0}catch{return!1}}function decodeParts(token){let[header,payload,signature,...more]=token.split(".");
if(!(header===void 0||payload===void 0||signature===void 0||more.length>0)&&[header,payload,signature].
every(isCanonical))return tryDecode(header,payload)}function tryDecode(header,payload){try{return{header:parseJson(
header),payload:parseJson(payload)}}catch{return}}function parseJson(part){return JSON.parse(new TextDecoder(
"utf-8",{fatal:!0}).decode(base64url.decode(part)))}function isCanonical(part){if(!/^[A-Za-z0-9_-]+$/.
test(part))return!1;try{return base64url.encode(base64url.decode(part))===part}catch{return!1}}var SEAL_ALG="ECDH-ES",SEAL_ENC="A256GCM",Header2=z7.strictObject({alg:z7.literal(SEAL_ALG),enc:z7.literal(
SEAL_ENC),cty:z7.enum(["JWT","json"]),epk:PublicJwk});async function seal(encryptionKey,text,cty="JWT"){let key=await importJWK2(encryptionKey,SEAL_ALG);return new CompactEncrypt(
new TextEncoder().encode(text)).setProtectedHeader({alg:SEAL_ALG,enc:SEAL_ENC,cty}).encrypt(key)}async function unseal(key,letter,cty="\
JWT"){try{if(Header2.safeParse(decodeProtectedHeader(letter)).data?.cty!==cty)return;let{plaintext}=await compactDecrypt(
letter,key,{keyManagementAlgorithms:[SEAL_ALG],contentEncryptionAlgorithms:[SEAL_ENC]});return new TextDecoder(
"utf-8",{fatal:!0}).decode(plaintext)}catch{return}}var MAX_PER_PEER=8,MAX_TOTAL=2048,Challenges=class{constructor(clock){this.clock=clock}clock;issued=new Map;perPeer=new Map;issue(peer){
this.dropExpired();let held=this.perPeer.get(peer)??0;if(held>=MAX_PER_PEER||this.issued.size>=MAX_TOTAL)
return;let challenge=freshNonce();return this.issued.set(challenge,{peer,untilMs:this.clock.now()+3e4}),
this.perPeer.set(peer,held+1),challenge}isLive(peer,challenge){return this.dropExpired(),this.issued.
get(challenge)?.peer===peer}holdsAny(peer){return this.dropExpired(),this.perPeer.has(peer)}spend(peer,challenge){
return this.isLive(peer,challenge)?(this.remove(challenge),!0):!1}get size(){return this.issued.size}dropExpired(){
let now=this.clock.now();for(let[challenge,{untilMs}]of this.issued){if(untilMs>now)return;this.remove(
challenge)}}remove(challenge){let peer=this.issued.get(challenge)?.peer;if(peer===void 0)return;this.
issued.delete(challenge);let left=(this.perPeer.get(peer)??1)-1;left>0?this.perPeer.set(peer,left):this.
perPeer.delete(peer)}};import{createHash as createHash2,randomBytes}from"node:crypto";import{z as z8}from"zod";var TRUSTS=["none","lent","agreed","sure"],TIME_SOURCES=["system","pupil","\
pupils","fleet","ntp"],TimeMark=z8.looseObject({boot:z8.string().min(1).max(64),monotonicMs:z8.number(),
trust:z8.enum(TRUSTS).catch("none"),source:z8.enum(TIME_SOURCES).catch("system")});var Stamp=TimeMark;function stampOf({boot,monotonicMs,trust,source}){return{boot,monotonicMs,trust,source}}
function outranks(a,b){return TRUSTS.indexOf(a)>TRUSTS.indexOf(b)}function judges(trust){return trust===
"agreed"||trust==="sure"}var AccessFault=class extends Error{constructor(kind,message){super(message);this.kind=kind}kind;name="\
AccessFault"};var DeviceDates=class{constructor(time){this.time=time}time;bound=new Map;used=new Map;noteBound(device,at){
this.bound.set(device,at)}noteUsed(device,at){this.used.set(device,at)}get waits(){return this.bound.
size+this.used.size>0}boundAt(device){return this.dated(this.bound.get(device))}usedAt(device){return this.
dated(this.used.get(device))}known(){return{bound:this.datesOf(this.bound),used:this.datesOf(this.used)}}written(times){
for(let device of times.bound.keys())this.bound.delete(device);for(let[device,atMs]of times.used)this.
usedAt(device)===atMs&&this.used.delete(device)}datesOf(moments){let dates=new Map;for(let[device,moment]of moments){
let wallMs=this.dated(moment);wallMs!==void 0&&dates.set(device,wallMs)}return dates}dated(moment){if(!moment)
return;let{wallMs,stamp}=this.time.correct(moment.wallMs,stampOf(moment));return judges(stamp.trust)?
wallMs:void 0}};import{z as z9}from"zod";var CLOCKS_FILE="invitation-clocks.json",Running=z9.looseObject({boot:z9.string().
min(1).max(64),issuedMs:z9.number(),lifeMs:z9.number().positive()}),File=z9.looseObject({running:z9.
record(z9.string().max(40),z9.unknown())}),InvitationClocks=class _InvitationClocks{constructor(storage,log,all){
this.storage=storage;this.log=log;this.all=all}storage;log;all;writing=Promise.resolve();static async open(storage,log){
let text=await storage.read(CLOCKS_FILE).catch(()=>{});return new _InvitationClocks(storage,log,new Map(
text===void 0?[]:entriesOf(text)))}of(id){return this.all.get(id)}get ids(){return[...this.all.keys()]}async start(id,running){
this.all.set(id,running),await this.save().catch(error=>{throw this.all.delete(id),error})}async stop(ids){
if(ids.length!==0){for(let id of ids)this.all.delete(id);await this.save().catch(error=>this.log.warn(
{error:String(error)},"invitation clocks not written to disk"))}}save(){let done=this.writing.then(()=>{
let running=Object.fromEntries(this.all);return this.storage.write(CLOCKS_FILE,JSON.stringify({running}))});
return this.writing=done.catch(()=>{}),done}};function entriesOf(text){try{let{running}=File.parse(JSON.
parse(text));return Object.entries(running).flatMap(([id,value])=>{let one=Running.safeParse(value).
data;return one?[[id,one]]:[]})}catch{return[]}}var InvitationTerms=class{constructor(time,clocks,records){this.time=time;this.clocks=clocks;this.records=
records}time;clocks;records;issuing=new Set;async issue(id,lifeMs,write){let{boot,monotonicMs,wallMs,
trust}=this.time.now(),expires=Math.floor((wallMs+lifeMs)/1e3);if(judges(trust))return write({issuedAt:wallMs,
expiresAt:expires*1e3},expires,!0);this.issuing.add(id);try{return await this.clocks.start(id,{boot,
issuedMs:monotonicMs,lifeMs}),await write({issuedAt:wallMs,expiresAt:wallMs},expires,!1)}finally{this.
issuing.delete(id),await this.stopIdle()}}judge=invitation=>{if(invitation.usedAt!==null)return"used";
let{boot,monotonicMs,wallMs,trust}=this.time.now(),clock=this.clocks.of(invitation.id);if(clock&&isUndated(
invitation))return clock.boot===boot&&monotonicMs-clock.issuedMs<clock.lifeMs?"open":"expired";if(judges(
trust))return invitation.expiresAt>wallMs?"open":"expired";let certain=Math.max(this.time.floorMs,this.
records().latestKnownMs);return invitation.expiresAt>certain?"unclear":"expired"};shown(invitation){
let{id,issuedAt,expiresAt}=invitation,clock=isUndated(invitation)?this.clocks.of(id):void 0;return clock?
{issuedAt,expiresAt:issuedAt+clock.lifeMs,undated:!0}:{issuedAt,expiresAt,undated:!1}}known(){let dates=new Map;
for(let one of this.records().invitations){let clock=isUndated(one)?this.clocks.of(one.id):void 0;if(!clock)
continue;let{boot,issuedMs:monotonicMs,lifeMs}=clock,guess={boot,monotonicMs,trust:"none",source:"sy\
stem"},{wallMs,stamp}=this.time.correct(one.issuedAt,guess);judges(stamp.trust)&&dates.set(one.id,{issuedAt:wallMs,
expiresAt:wallMs+lifeMs})}return dates}stopIdle(){let{boot}=this.time.now(),dates=this.known(),waiting=new Map(
this.records().invitations.map(one=>[one.id,one])),idle=this.clocks.ids.filter(id=>{if(this.issuing.
has(id))return!1;let one=waiting.get(id);return!one||one.usedAt!==null||!isUndated(one)?!0:this.clocks.
of(id)?.boot!==boot&&!dates.has(id)});return this.clocks.stop(idle)}},isUndated=({issuedAt,expiresAt})=>expiresAt<=
issuedAt;var StateUnreadable=class extends Error{name="StateUnreadable"},StateFile=class{constructor(storage,log,name,format3){
this.storage=storage;this.log=log;this.name=name;this.format=format3;this.copyName=`${name}.bak`}storage;log;name;format;copyName;async load(){
let[file,copy]=[await this.look(this.name),await this.look(this.copyName)];if(file.is==="good"&&!(copy.
is==="good"&&copy.strange<file.strange))return(copy.is!=="good"||copy.text!==file.text)&&await this.
writeCopy(file.text),{from:"file",value:file.value};if(copy.is==="good")return this.restore(file,copy);
if(file.is==="unreadable"||copy.is==="unreadable")throw new StateUnreadable(`${this.name}: ${whyOf(file)??
whyOf(copy)}`);for(let[name,{is}]of[[this.name,file],[this.copyName,copy]])is==="damaged"&&await this.
setAside(name);let why=whyOf(file)??whyOf(copy);return why!==void 0?{from:"damaged",why}:await this.
wasSetAside()?{from:"damaged",why:"an earlier start has set it aside"}:{from:"nothing"}}async save(value){
let text=JSON.stringify(this.format.write(value));await this.storage.write(this.name,text),await this.
writeCopy(text)}async remove(){await this.storage.remove(this.copyName),await this.storage.remove(this.
name)}async look(name){let text;try{text=await this.storage.read(name)}catch(error){return{is:isTooLarge(
error)?"damaged":"unreadable",why:messageOf(error)}}if(text===void 0)return{is:"missing"};try{return{
is:"good",text,...await this.format.read(parseJson2(text))}}catch(error){return{is:"damaged",why:messageOf(
error)}}}async restore(file,copy){let why=whyOf(file)??(file.is==="missing"?"it was gone":"a part is\
 damaged");return this.log.error({file:this.name,why},"a file was damaged; its last good copy is use\
d"),file.is!=="missing"&&await this.setAside(this.name),await this.storage.write(this.name,copy.text).
catch(error=>this.log.warn({file:this.name,error:String(error)},"not mended yet")),{from:"copy",value:copy.
value}}async writeCopy(text){try{await this.storage.write(this.copyName,text)}catch(error){this.log.
warn({file:this.copyName,error:String(error)},"no copy could be written"),await this.storage.remove(
this.copyName).catch(()=>{})}}async setAside(name){try{let to=await this.freeName();await this.storage.
rename(name,to),this.log.error({file:name,to},"a damaged file was set aside")}catch(error){this.log.
error({file:name,error:String(error)},"a damaged file stays where it is")}}async freeName(){for(let n=1;n<
5;n++)if(!await this.exists(this.asideName(n)))return this.asideName(n);return this.asideName(5)}wasSetAside(){
return this.exists(this.asideName(1))}asideName(n){return`${this.name}.corrupt-${n}`}exists(name){return this.
storage.read(name).then(text=>text!==void 0,()=>!0)}};function parseJson2(text){if(text.trim()==="")
throw new Error("empty");try{return JSON.parse(text)}catch{throw new Error("not JSON")}}var whyOf=look=>"\
why"in look?look.why:void 0,messageOf=error=>error instanceof Error?error.message:String(error);function isTooLarge(error){
return error instanceof Error&&"kind"in error&&error.kind==="badData"}import{timingSafeEqual}from"node:crypto";var MAX_GUESTS=64,MAX_PAST_INVITATIONS=128,nothingStrange={
invitations:[],devices:[]},noRecords={latestKnownMs:0,invitations:[],devices:[],strange:nothingStrange,
rest:{}};function issueInvitation(records,invitation,judge){let isHeld=one=>["open","unclear"].includes(
judge(one)),open=records.invitations.filter(isHeld);if(open.length+records.devices.length>=MAX_GUESTS)
return;let invitations=[...records.invitations.filter(one=>!isHeld(one)).slice(-MAX_PAST_INVITATIONS),
...open,invitation];return{...records,invitations}}var REFUSALS={used:"invitationUsed",expired:"invi\
tationExpired",unclear:"clockUnknown"},isGuest=(records,device)=>records.devices.some(one=>one.device===
device);function redeemInvitation(records,hash,device,judge,at){let invitation=findByHash(records.invitations,
hash);if(!invitation)return{ok:!1,reason:"invitationUnknown"};if(invitation.usedBy===device.device&&
isGuest(records,device.device))return{ok:!0,records};let standing=judge(invitation);if(standing!=="o\
pen")return{ok:!1,reason:REFUSALS[standing]};let others=records.devices.filter(one=>one.device!==device.
device);if(others.length>=MAX_GUESTS)return{ok:!1,reason:"notAvailable"};let{usedAt,boundAt}=at,bound={
device:device.device,jwk:device.jwk,boundAt,lastUsedAt:null};return{ok:!0,records:{...records,invitations:records.
invitations.map(one=>one===invitation?{...one,usedAt,usedBy:device.device}:one),devices:[...others,bound]}}}
function removeInvitation(records,id){return{...records,invitations:records.invitations.filter(one=>one.
id!==id)}}function removeDevice(records,device){let{strange}=records,others=strange.devices.filter(one=>!(isNamed(
one)&&one.device===device));return{...records,devices:records.devices.filter(one=>one.device!==device),
strange:{...strange,devices:others}}}var isNamed=one=>typeof one=="object"&&one!==null&&"device"in one;
function wiped(records){return{...records,invitations:[],devices:[],strange:nothingStrange}}function markTimes(records,{
bound,used}){return{...records,devices:records.devices.map(one=>({...one,boundAt:bound.get(one.device)??
one.boundAt,lastUsedAt:used.get(one.device)??one.lastUsedAt}))}}function dateInvitations(records,dates){
let invitations=records.invitations.map(one=>({...one,...dates.get(one.id)}));return{...records,invitations}}
function findByHash(invitations,hash){let wanted=Buffer.from(hash,"hex"),found;for(let invitation of invitations)
timingSafeEqual(Buffer.from(invitation.hash,"hex"),wanted)&&(found=invitation);return found}import{createHash}from"node:crypto";import{z as z10}from"zod";function expectShape(schema,json2){let parsed=schema.safeParse(json2);if(parsed.success)return parsed.
data;let issue=parsed.error.issues[0];throw new Error(`${issue?.path.join(".")||"the whole file"}: ${issue?.
message??"unreadable"}`)}function sortOut(schema,list){let known=[],strange=[];for(let one of list){
let parsed=schema.safeParse(one);parsed.success?known.push(parsed.data):strange.push(one)}return{known,
strange}}var VERSION=1,DAY_MS=1440*60*1e3,LONGEST_MS=91*DAY_MS,ms=z10.number().nonnegative(),Thumbprint2=z10.
string().regex(/^[A-Za-z0-9_-]{43}$/),InvitationEntry=z10.looseObject({id:z10.string().regex(/^[0-9a-f]{8}$/),
hash:z10.string().regex(/^[0-9a-f]{64}$/),issuedAt:ms,expiresAt:ms,usedAt:ms.nullable(),usedBy:Thumbprint2.
nullable()}).refine(({issuedAt,expiresAt})=>expiresAt-issuedAt<=LONGEST_MS).refine(({usedAt,usedBy})=>usedAt===
null==(usedBy===null)),DeviceEntry=z10.looseObject({device:Thumbprint2,jwk:PublicJwk,boundAt:ms,lastUsedAt:ms.
nullable()}).refine(({device,jwk})=>thumbprintOf(jwk)===device),File2=z10.looseObject({version:z10.number().
int().min(1),latestKnownMs:ms,invitations:z10.array(z10.unknown()),devices:z10.array(z10.unknown())}),
recordsFormat={read(json2){let file=expectShape(File2,json2),{latestKnownMs,invitations,devices,...rest}=file,
[invited,bound]=[sortOut(InvitationEntry,invitations),sortOut(DeviceEntry,devices)];return{value:{latestKnownMs,
invitations:invited.known,devices:bound.known,strange:{invitations:invited.strange,devices:bound.strange},
rest},strange:file.version>VERSION?0:invited.strange.length+bound.strange.length}},write:({latestKnownMs,
invitations,devices,strange,rest})=>({version:VERSION,...rest,latestKnownMs,invitations:[...invitations,
...strange.invitations],devices:[...devices,...strange.devices]})};function thumbprintOf({crv,kty,x,
y}){return createHash("sha256").update(JSON.stringify({crv,kty,x,y})).digest("base64url")}var RECORDS_FILE="access.json",RecordStore=class _RecordStore{constructor(file,records,damaged){this.
file=file;this.records=records;this.damaged=damaged}file;records;damaged;queue=Promise.resolve();static async open(storage,log){
let file=new StateFile(storage,log,RECORDS_FILE,recordsFormat);try{let loaded=await file.load(),records="\
value"in loaded?loaded.value:noRecords;return new _RecordStore(file,records,loaded.from==="damaged")}catch(error){
throw error instanceof StateUnreadable?unreadable(error):error}}get current(){return this.records}get lost(){
return this.damaged}change(decide){let done=this.queue.then(async()=>{let{records,result}=decide(this.
records);return records!==void 0&&(await this.file.save(records),this.records=records,this.damaged=!1),
result});return this.queue=done.catch(()=>{}),done}};function unreadable({message}){return new AccessFault(
"brokenRecords",`${message}. Nobody is let in until the disk gives this file; it is tried again.`)}var MAX_INVITATION_DAYS=90,DAY_MS2=1440*60*1e3,NOTE_MS=6e4,GuestBook=class _GuestBook{constructor(parts2,store,clocks){
this.parts=parts2;this.store=store;this.dates=new DeviceDates(parts2.time),this.terms=new InvitationTerms(
parts2.time,clocks,()=>store.current)}parts;store;revokedListeners=new Set;changeListeners=new Set;dates;terms;noting;static async open(parts2){
let store=await RecordStore.open(parts2.storage,parts2.log),clocks=await InvitationClocks.open(parts2.
storage,parts2.log);return new _GuestBook(parts2,store,clocks)}get lost(){return this.store.lost}get empty(){
let{devices,invitations,strange}=this.store.current,all=[...devices,...invitations,...strange.devices,
...strange.invitations];return!this.lost&&all.length===0}async invite(secret2,days){if(!(days>0&&days<=
MAX_INVITATION_DAYS))throw new AccessFault("badRequest",`days: expected 0-${MAX_INVITATION_DAYS}, go\
t ${days}`);let id=randomBytes(4).toString("hex");return this.terms.issue(id,days*DAY_MS2,async(dates,expires,clockKnown)=>{
let kept={id,hash:hashSecret(secret2),...dates,usedAt:null,usedBy:null};return await this.change(records=>{
let next=issueInvitation(records,kept,this.terms.judge);if(!next)throw new AccessFault("full","Too m\
any guests. Revoke a device or an invitation.");return{records:next,result:void 0}}),this.parts.log.
info({invitation:id,expires,clockKnown},"invitation issued"),{id,expires,clockKnown}})}invitations(){
let{judge}=this.terms;return this.store.current.invitations.map(one=>({id:one.id,state:judge(one),...this.
terms.shown(one)}))}revokeInvitation(id){return this.change(records=>{let next=removeInvitation(records,
id),found=next.invitations.length<records.invitations.length;return{records:found?next:void 0,result:found}})}redeem(secret2,device,spendChallenge){
return this.change(records=>{let now=this.parts.time.now(),at={usedAt:now.wallMs,boundAt:judges(now.
trust)?now.wallMs:0},redeemed=redeemInvitation(records,hashSecret(secret2),device,this.terms.judge,at);
return redeemed.ok?spendChallenge()?(at.boundAt===0&&this.dates.noteBound(device.device,now),{records:redeemed.
records,result:void 0}):{result:"staleChallenge"}:{result:redeemed.reason}}).catch(error=>(this.parts.
log.error({error:String(error)},"binding could not be written to disk"),"notAvailable"))}devices(){return this.
store.current.devices.map(({device,boundAt,lastUsedAt})=>({device,boundAt:this.dates.boundAt(device)??
(boundAt||null),lastUsedAt:this.dates.usedAt(device)??lastUsedAt}))}isBound(device){return isGuest(this.
store.current,device)}rememberUse(device){this.dates.noteUsed(device,this.parts.time.now()),this.noting??=
this.parts.clock.after(NOTE_MS,()=>{this.noteUses()})}async noteUses(){this.noting?.cancel(),this.noting=
void 0,this.dates.waits&&await this.change(records=>({records,result:void 0})).catch(error=>this.parts.
log.warn({error:String(error)},"last use of a device not written to disk"))}async revokeDevice(device){
let found=await this.change(records=>{let next=removeDevice(records,device),gone=next.devices.length<
records.devices.length;return{records:gone?next:void 0,result:gone}});return found&&this.tellRevoked(
[device]),found}async wipe(){let gone=await this.change(records=>({records:wiped(records),result:records.
devices.map(({device})=>device)}));this.tellRevoked(gone)}onChange(listener){this.changeListeners.add(
listener)}onRevoked(listener){return this.revokedListeners.add(listener),()=>this.revokedListeners.delete(
listener)}async settle(){await this.terms.stopIdle();let dates=this.terms.known();dates.size===0&&this.
dates.known().bound.size===0||(await this.change(records=>({records:dateInvitations(records,dates),result:void 0})).
catch(error=>this.parts.log.warn({error:String(error)},"dates of guests not written to disk")),await this.
terms.stopIdle())}async change(decide){let times,result=await this.store.change(records=>{let{records:next,
result:result2}=decide(records);if(next===void 0)return{result:result2};times=this.dates.known();let{
trust,wallMs}=this.parts.time.now(),latestKnownMs=trust==="sure"?wallMs:records.latestKnownMs;return{
records:{...markTimes(next,times),latestKnownMs},result:result2}});times&&this.dates.written(times);
for(let listener of this.changeListeners)listener();return result}tellRevoked(devices){for(let device of devices){
this.parts.log.info({device},"device revoked");for(let listener of this.revokedListeners)listener(device)}}};
function hashSecret(secret2){return createHash2("sha256").update(secret2).digest("hex")}import{exportJWK,generateKeyPair,importJWK as importJWK3}from"jose";import{z as z11}from"zod";var KEYS_FILE="robot-keys.json",isCanonical2=text=>Buffer.from(text,"base64url").toString("base64url")===
text,PrivateJwk=PublicJwk.extend({d:z11.string().regex(/^[A-Za-z0-9_-]{43}$/)}).refine(({x,y,d})=>[x,
y,d].every(isCanonical2),"expected 32 bytes in base64url"),KeyFile=z11.looseObject({version:z11.number().
int().min(1),signing:PrivateJwk,encryption:PrivateJwk}),RobotKeys=class _RobotKeys{constructor(signer,signingThumbprint,opener,encryptionJwk){
this.signer=signer;this.signingThumbprint=signingThumbprint;this.opener=opener;this.encryptionJwk=encryptionJwk}signer;signingThumbprint;opener;encryptionJwk;static async open(storage,log,unknown){
let loaded=await keyFile(storage,log).load().catch(error=>{throw error instanceof StateUnreadable?unreadableKeys(
error.message):error});if("value"in loaded)return _RobotKeys.from(loaded.value);if(loaded.from==="da\
maged"){if(!unknown())throw brokenKeys(loaded.why);log.warn({file:KEYS_FILE},"the keys were damaged,\
 and nobody knew them: new ones")}return _RobotKeys.renew(storage,log)}static async renew(storage,log){
let file={version:1,signing:await makeKey(SIGNATURE_ALG),encryption:await makeKey(SEAL_ALG)};return await keyFile(
storage,log).save(file),_RobotKeys.from(file)}static async from(file){let signingJwk=publicJwk(file.
signing),key=await importPrivate(file.signing,SIGNATURE_ALG),opener=await importPrivate(file.encryption,
SEAL_ALG),name=await thumbprint(signingJwk);return new _RobotKeys({key,jwk:signingJwk},name,opener,publicJwk(
file.encryption))}sign(typ,payload){return signToken(this.signer,typ,payload)}unseal(letter){return unseal(
this.opener,letter)}};async function makeKey(alg){let options=alg===SEAL_ALG?{crv:"P-256",extractable:!0}:
{extractable:!0},{privateKey}=await generateKeyPair(alg,options),{kty,crv,x,y,d}=await exportJWK(privateKey);
return PrivateJwk.parse({kty,crv,x,y,d})}async function importPrivate(jwk,alg){try{let key=await importJWK3(
jwk,alg,{extractable:!1});if(key instanceof Uint8Array)throw new TypeError("not an asymmetric key");
return key}catch{throw new Error("the key is not a point on P-256 with its private half")}}function keyFile(storage,log){
return new StateFile(storage,log,KEYS_FILE,{read:async json2=>{let file=expectShape(KeyFile,json2);return await importPrivate(
file.signing,SIGNATURE_ALG),await importPrivate(file.encryption,SEAL_ALG),{value:file,strange:0}},write:file=>file})}
function brokenKeys(why){return new AccessFault("brokenRecords",`${KEYS_FILE}: ${why}. Pupils know t\
he robot by these keys, so nobody is let in without them. Put the file back from a copy (what was da\
maged is beside it, as .corrupt-1), or remove all of ${KEYS_FILE}*: the robot then makes new keys an\
d every pupil needs a new invitation.`)}function unreadableKeys(why){return new AccessFault("brokenR\
ecords",`${why}. Nobody is let in until the disk gives the robot's keys; it is tried again.`)}import{z as z12}from"zod";var MAX_BATCH=16,MAX_BATCHES=12;var Candidate=z12.object({candidate:z12.string().regex(/^candidate:[\x20-\x7e]{1,480}$/,"expected a \
candidate of RFC 8839"),mid:z12.string().max(64).exactOptional(),line:z12.int().min(0).max(15).exactOptional(),
ufrag:z12.string().max(256).exactOptional()}),CandidatesPayload=z12.object({robot:RobotId,peer:PeerId,
challenge:Nonce,offerHash:z12.string().regex(/^[A-Za-z0-9_-]{43}$/,"expected a SHA-256 in base64url"),
batch:z12.int().min(0).max(MAX_BATCHES-1),candidates:z12.array(Candidate).max(MAX_BATCH),end:z12.boolean(),
iat:z12.number().int()});var Verifier=class{constructor(parts2){this.parts=parts2}parts;bind(peer,token){return this.open(peer,
token,TYP.bind,BindPayload,this.liveChallenge)}offer(peer,token){return this.open(peer,token,TYP.offer,
OfferPayload,this.liveChallenge)}async hello(peer,nonce,token){let{robot}=this.parts,opened=await openToken(
token,TYP.hello,HelloPayload,claims=>claims.robot!==robot||claims.peer!==peer||claims.nonce!==nonce?
"notAuthentic":void 0);return signed(opened)}candidates(peer,token,fits){return this.open(peer,token,
TYP.deviceCandidates,CandidatesPayload,claims=>fits(claims)?void 0:"staleChallenge")}bye(peer,token){
return this.open(peer,token,TYP.bye,ByePayload,()=>{})}async open(peer,token,typ,schema,challengeFault){
let opened=await openToken(token,typ,schema,claims=>this.misfit(peer,claims)??challengeFault(claims));
return signed(opened)}misfit(peer,claims){return claims.robot===this.parts.robot&&claims.peer===peer?
void 0:"notAuthentic"}liveChallenge=claims=>this.parts.challenges.isLive(claims.peer,claims.challenge)?
void 0:"staleChallenge"};function signed(opened){if(!opened.ok)return opened;let{payload,signer,jwk}=opened;
return{ok:!0,value:{payload,device:signer,jwk}}}var Access=class _Access{constructor(parts2,keys,guests){this.parts=parts2;this.keys=keys;this.guests=
guests;this.challenges=new Challenges(parts2.clock),this.verifier=new Verifier({...parts2,challenges:this.
challenges}),guests.onRevoked(device=>this.lastOffer.delete(device))}parts;keys;guests;challenges;verifier;lastOffer=new Map;static async open(parts2){
let guests=await GuestBook.open(parts2),keys=await RobotKeys.open(parts2.storage,parts2.log,()=>guests.
empty);return new _Access(parts2,keys,guests)}get robotKey(){return this.keys.signingThumbprint}async invite({
days,broker,page}){let{robot}=this.parts,wanted={robot,secret:freshNonce(),robotKey:this.robotKey,broker};
Invitation.omit({expires:!0}).parse(wanted);let{id,expires,clockKnown}=await this.guests.invite(wanted.
secret,days),invitation={...wanted,expires};return{id,link:formatInvitation(page,invitation),invitation,
clockKnown}}async rotateKeys(){await this.guests.wipe(),this.keys=await RobotKeys.renew(this.parts.storage,
this.parts.log),this.parts.log.warn({robotKey:this.robotKey},"robot keys renewed; all guests are gon\
e")}async challenge(peer,{nonce,features,device}){let challenge=this.challenges.issue(peer);if(challenge===
void 0)return refuse("tooMany");let encryptionKey=this.keys.encryptionJwk,first={...this.stamp(peer),
nonce,challenge,encryptionKey},ice=device===void 0?void 0:await this.sealedIce(peer,nonce,device),payload=features?
{...first,features:FEATURES,...ice===void 0?{}:{ice}}:first;return accept({kind:"challenge",token:await this.
keys.sign(TYP.challenge,payload)})}async bind(peer,letter){if(!this.challenges.holdsAny(peer))return refuse(
"staleChallenge");let token=await this.keys.unseal(letter);if(token===void 0)return refuse("notAuthe\
ntic");let verdict=await this.verifier.bind(peer,token);if(!verdict.ok)return verdict;let{payload,device,
jwk}=verdict.value,{challenge,invitation}=payload,refused=await this.guests.redeem(invitation,{device,
jwk},()=>this.challenges.spend(peer,challenge));if(refused!==void 0)return refuse(refused);this.parts.
log.info({device},"device bound");let bound={...this.stamp(peer),challenge,device};return accept({kind:"\
bound",token:await this.keys.sign(TYP.bound,bound)})}async admit(peer,token){let verdict=await this.
verifier.offer(peer,token);if(!verdict.ok)return verdict;let{payload,device}=verdict.value,offerHash=await hashToken(
token);if(!this.guests.isBound(device))return refuse("unknownDevice");let{challenge,sdp,iat:iat2,trickle=!1,
restart=!1}=payload;return this.challenges.spend(peer,challenge)?(this.parts.onTimeSaid?.(device,iat2*
1e3),this.lastOffer.set(device,{peer,device,challenge,offerHash}),this.guests.rememberUse(device),accept(
{visitor:{peer,device},sdp,challenge,offerHash,trickle,restart})):refuse("staleChallenge")}async candidates(peer,token){
let verdict=await this.verifier.candidates(peer,token,claims=>[...this.lastOffer.values()].some(offer=>isOf(
offer,claims)));if(!verdict.ok)return verdict;let{payload,device}=verdict.value,last=this.lastOffer.
get(device);return!last||!isOf(last,payload)?refuse("staleChallenge"):this.guests.isBound(device)?accept(
payload):refuse("unknownDevice")}whyVoid({visitor}){return this.guests.isBound(visitor.device)?this.
lastOffer.has(visitor.device)?void 0:"staleChallenge":"unknownDevice"}async answer(offer,sdp){let{challenge,
offerHash,visitor}=offer,payload={...this.stamp(visitor.peer),challenge,offerHash,sdp};return{kind:"\
answer",token:await this.keys.sign(TYP.answer,payload)}}async candidatesOf(offer,batch){let{challenge,
offerHash,visitor}=offer,payload={...this.stamp(visitor.peer),challenge,offerHash,...batch};return{kind:"\
candidates",token:await this.keys.sign(TYP.robotCandidates,payload)}}async restart({peer,device}){let last=this.
lastOffer.get(device);if(last?.peer!==peer)return;let payload={...this.stamp(peer),challenge:last.challenge};
return{kind:"restart",token:await this.keys.sign(TYP.restart,payload)}}async farewell(peer,token){let verdict=await this.
verifier.bye(peer,token);if(!verdict.ok)return verdict;let{payload,device}=verdict.value;if(!this.guests.
isBound(device))return refuse("unknownDevice");let last=this.lastOffer.get(device);return last?.peer!==
peer||last.challenge!==payload.challenge?refuse("staleChallenge"):(this.lastOffer.delete(device),accept(
{peer,device}))}async refusal(peer,inReplyTo,reason){let payload={...this.stamp(peer),inReplyTo,reason};
return{kind:"refused",token:await this.keys.sign(TYP.refused,payload)}}async sealedIce(peer,nonce,token){
let{iceFor}=this.parts;if(!iceFor)return;let verdict=await this.verifier.hello(peer,nonce,token);if(!verdict.
ok||!this.guests.isBound(verdict.value.device))return;let{iceKey,iat:iat2}=verdict.value.payload,servers=iceFor(
iat2);return servers&&seal(iceKey,JSON.stringify(servers),"json")}stamp(peer){let iat2=Math.max(0,Math.
floor(this.parts.time.now().wallMs/1e3));return{robot:this.parts.robot,peer,iat:iat2}}};function isOf(offer,{
peer,challenge,offerHash}){return offer.peer===peer&&offer.challenge===challenge&&offer.offerHash===
offerHash}var accept=value=>({ok:!0,value}),refuse=reason=>({ok:!1,reason});import{z as z14}from"zod";var LatestWriter=class{constructor(clock,gaps,write,onOutcome){this.clock=clock;this.gaps=gaps;this.
write=write;this.onOutcome=onOutcome}clock;gaps;write;onOutcome;next;writing;timer;put(value){this.next=
{value},!this.timer&&!this.writing&&this.writeNext()}async flush(){await this.writing,this.rest(),await this.
writeNext(),this.rest()}rest(){this.timer?.cancel(),this.timer=void 0}writeNext(){let{next}=this;if(!next)
return Promise.resolve();this.next=void 0;let done=this.write(next.value).then(()=>this.ended(void 0),
error=>{this.next??=next,this.ended(error)});return this.writing=done,done}ended(error){this.writing=
void 0;let{afterWriteMs,afterFailureMs}=this.gaps;this.timer=this.clock.after(error===void 0?afterWriteMs:
afterFailureMs,()=>{this.timer=void 0,this.writeNext()}),this.onOutcome(error)}};import{z as z13}from"zod";var seq=z13.int().nonnegative().max(Number.MAX_SAFE_INTEGER),panDeg=z13.number().min(-180).max(180),
tiltDeg=z13.number().min(-90).max(90),Mood=z13.enum(["neutral","happy","sad","confused"]),VoiceMode=z13.
enum(["whisper","normal","loud"]),PresetName=z13.enum(["board","teacher","class"]),LookMessage=z13.discriminatedUnion(
"kind",[z13.strictObject({kind:z13.literal("look"),seq,pan:panDeg,tilt:tiltDeg}),z13.strictObject({kind:z13.
literal("lookRate"),seq,pan:z13.number().min(-360).max(360),tilt:z13.number().min(-360).max(360)})]),
Command=z13.discriminatedUnion("kind",[z13.strictObject({kind:z13.literal("tap"),seq,x:z13.number().
min(0).max(1),y:z13.number().min(0).max(1)}),z13.strictObject({kind:z13.literal("stop"),seq}),z13.strictObject(
{kind:z13.literal("goPreset"),seq,preset:PresetName}),z13.strictObject({kind:z13.literal("storePrese\
t"),seq,preset:PresetName}),z13.strictObject({kind:z13.literal("gesture"),seq,gesture:z13.enum(["nod",
"shake"])}),z13.strictObject({kind:z13.literal("hand"),seq,up:z13.boolean()}),z13.strictObject({kind:z13.
literal("mood"),seq,mood:Mood}),z13.strictObject({kind:z13.literal("listenOnly"),seq,on:z13.boolean()}),
z13.strictObject({kind:z13.literal("voice"),seq,mode:VoiceMode}),z13.strictObject({kind:z13.literal(
"volume"),seq,volume:z13.number().min(0).max(1)}),z13.strictObject({kind:z13.literal("picture"),seq,
size:z13.enum(["480p","720p","auto"])}),z13.strictObject({kind:z13.literal("hangUp"),seq}),z13.strictObject(
{kind:z13.literal("alive"),seq,sentAtMs:z13.number().nonnegative()}),z13.strictObject({kind:z13.literal(
"measured"),seq,videoLatencyMs:z13.number().min(0).max(6e4).nullable(),lossRatio:z13.number().min(0).
max(1),roundTripMs:z13.number().min(0).max(6e4).nullable()})]),CommandRefusal=z13.enum(["malformed",
"tooLong","stale","tooMany","paused","notLive","motionOff","noCamera","notAuthorised"]),Axis=z13.strictObject(
{deg:z13.number(),targetDeg:z13.number(),minDeg:z13.number(),maxDeg:z13.number()}),Problem=z13.enum(
["noMotion","camera","microphone","speaker","batteryLow","hot","body","teacherButton"]),RobotState=z13.
strictObject({kind:z13.literal("state"),seq,phase:z13.enum(["waking","live","paused"]),pan:Axis,tilt:Axis,
motion:z13.enum(["rest","holding","moving","gesture","handTurned","off","absent"]),hand:z13.enum(["d\
own","up","acknowledged"]),mood:Mood,listenOnly:z13.boolean(),voice:VoiceMode,volume:z13.number(),picture:z13.
enum(["480p","720p"]),presets:z13.record(PresetName,z13.strictObject({pan:z13.number(),tilt:z13.number()})),
batteryPercent:z13.number(),charging:z13.boolean(),camera:z13.enum(["on","off","fault"]),microphone:z13.
enum(["on","off","fault"]),speaker:z13.enum(["on","off","fault"]),problems:z13.array(Problem.or(z13.
string().max(40))).transform(codes=>codes.filter(code=>isProblem(code)))});function isProblem(code){
return Problem.safeParse(code).success}var RobotMessage=z13.discriminatedUnion("kind",[RobotState,z13.
strictObject({kind:z13.literal("refused"),seq:z13.int(),reason:CommandRefusal}),z13.strictObject({kind:z13.
literal("handAcknowledged")}),z13.strictObject({kind:z13.literal("alive"),seq,sentAtMs:z13.number(),
robotAtMs:z13.number()}),z13.strictObject({kind:z13.literal("heard"),voiceDb:z13.number(),roomDb:z13.
number()}),z13.strictObject({kind:z13.literal("cameraDelay"),ms:z13.number()}),z13.strictObject({kind:z13.
literal("ended"),why:z13.enum(["hangUp","robotStopped","takenOver","revoked","batteryEmpty","tooHot",
"lost"])})]);var PRESETS_FILE="presets.json",PRESETS_GAP_MS=1e3,REFUSED_GAP_MS=3e4,Place=z14.looseObject({pan:z14.
number().min(-180).max(180),tilt:z14.number().min(-90).max(90)}),File3=z14.record(z14.string(),z14.unknown()),
defaults={board:{pan:0,tilt:8},teacher:{pan:20,tilt:5},class:{pan:150,tilt:0}},format={read(json2){let rest=expectShape(
File3,json2),places={},strange=0;for(let name of PresetName.options){let place=Place.safeParse(rest[name]);
place.success?places[name]={pan:place.data.pan,tilt:place.data.tilt}:name in rest&&(strange+=1)}return{
value:{places,rest},strange}},write:({places,rest})=>({...defaults,...rest,...within(rest,places)})};
function within(rest,places){return Object.fromEntries(Object.entries(places).map(([name,place])=>{let before=Place.
safeParse(rest[name]);return[name,{...before.data,...place}]}))}var Presets=class{constructor(storage,clock,log,onTrouble=()=>{}){
this.log=log;this.file=new StateFile(storage,log,PRESETS_FILE,format);let write=kept=>this.file.save(
kept),gaps={afterWriteMs:PRESETS_GAP_MS,afterFailureMs:REFUSED_GAP_MS};this.writer=new LatestWriter(
clock,gaps,write,error=>{onTrouble(error!==void 0),error!==void 0&&log.error({file:PRESETS_FILE,error:String(
error)},"preset not stored yet")})}log;kept={places:{},rest:{}};file;writer;get all(){return{...defaults,
...this.kept.places}}async load(){try{let loaded=await this.file.load();"value"in loaded&&(this.kept=
loaded.value)}catch(error){let fields={file:PRESETS_FILE,error:String(error)};this.log.warn(fields,"\
presets unreadable; using the defaults")}}store(name,pose){let{pan,tilt}=pose;this.kept={...this.kept,
places:{...this.kept.places,[name]:{pan,tilt}}},this.writer.put(this.kept)}settled(){return this.writer.
flush()}};var FakeBroker=class{published=[];will;connected=!0;closed=!1;refusing=!1;mute=!1;listeners=new Set;subscriptions=new Map;open=will=>(this.
will=will,this);async publish(topic,payload,options){if(!this.connected||this.refusing)throw new Error(
"broker out of reach");this.published.push({topic,payload,retain:options?.retain??!1}),this.mute&&await new Promise(
()=>{})}async subscribe(topic,listener){this.subscriptions.set(topic,listener)}onConnected(listener){
return this.listeners.add(listener),()=>this.listeners.delete(listener)}connect(connected){this.connected=
connected;for(let listener of this.listeners)listener(connected)}async close(){this.closed=!0,this.mute&&
await new Promise(()=>{})}on(topic){return this.published.filter(message=>message.topic===topic).map(
({payload})=>JSON.parse(payload))}};var WRITTEN_MS=Date.UTC(2025,10,1),BUILT_MS=Math.max(WRITTEN_MS,0*1e3);import{z as z15}from"zod";var TIME_FILE="time.json",MAX_BOOTS=32,BootAnchor=z15.looseObject({boot:z15.string().min(1).max(64),
offsetMs:z15.number(),atMs:z15.number(),trust:z15.enum(TRUSTS),source:z15.enum(TIME_SOURCES)}),TimeFile=z15.
looseObject({knownMs:z15.number().nonnegative(),boots:z15.array(BootAnchor)}),format2={read:json2=>({
value:expectShape(TimeFile,json2),strange:0}),write:value=>value},TimeStore=class _TimeStore{constructor(disk,log,file={
knownMs:0,boots:[]}){this.disk=disk;this.log=log;this.file=file}disk;log;file;writing=Promise.resolve();static async open(storage,log){
let disk=new StateFile(storage,log,TIME_FILE,format2),loaded=await disk.load().catch(error=>{log.warn(
{file:TIME_FILE,error:String(error)},"what was known of the time is unreadable")});return new _TimeStore(
disk,log,loaded&&"value"in loaded?loaded.value:void 0)}static fresh(storage,log){return new _TimeStore(
new StateFile(storage,log,TIME_FILE,format2),log)}get knownMs(){return this.file.knownMs}anchorOf(boot){
return this.file.boots.find(one=>one.boot===boot)}remember(anchor,knownMs){let before=this.anchorOf(
anchor.boot),kept=before&&outranks(before.trust,anchor.trust)?before:anchor,boots=[...this.file.boots.
filter(one=>one.boot!==anchor.boot),kept].slice(-MAX_BOOTS);this.file={...this.file,boots,knownMs:Math.
max(this.file.knownMs,knownMs)},this.save()}settled(){return this.writing}save(){let{file}=this;this.
writing=this.writing.then(()=>this.disk.save(file)).catch(error=>this.log.warn({error:String(error)},
"what is known of the time was not written"))}};var ASK_AGAIN_MS=5*6e4;var KEEP_MS=60*6e4;var FakeTime=class{constructor(clock,isTrusted=()=>!0){this.clock=clock;this.isTrusted=isTrusted}clock;isTrusted;boot="\
boot-1";floorMs=0;now(){let known=this.isTrusted();return{boot:this.boot,monotonicMs:this.clock.now(),
wallMs:this.clock.wall(),...known?{trust:"sure",source:"ntp"}:{trust:"none",source:"system"}}}correct(wallMs,stamp){
let now=this.now();if(now.trust==="none"||stamp.trust!=="none"||stamp.boot!==now.boot)return{wallMs,
stamp};let{trust,source}=now;return{wallMs:now.wallMs-now.monotonicMs+stamp.monotonicMs,stamp:{...stamp,
trust,source}}}};var InTurn=class{last=Promise.resolve();run(act){let mine=this.last.then(act);return this.last=mine.
catch(()=>{}),mine}};import{z as z16}from"zod";var StoredRecord=z16.looseObject({id:z16.string().regex(/^[0-9a-f]{32}$/),
robot:z16.string().min(1).max(64),start:z16.number().nonnegative(),end:z16.number().nonnegative(),minutes:z16.
number().nonnegative(),why:z16.string().min(1).max(40)});function parseRecord(line){try{return StoredRecord.
safeParse(JSON.parse(line)).data}catch{return}}var Segment=class _Segment{constructor(name){this.name=name}name;unsent=[];strange=[];lines=0;marked=0;static of(name,lines,sent,known){
let segment=new _Segment(name),seen=new Set(known);for(let line of lines){segment.lines+=1;let record=parseRecord(
line);record?sent.has(record.id)?segment.marked+=1:seen.has(record.id)||segment.unsent.push(record):
line.trim()!==""&&segment.strange.push(line),record&&seen.add(record.id)}return segment}get done(){return this.
lines>0&&this.unsent.length===0}};var OUTBOX_FILE="usage.jsonl",SENT_FILE="usage.sent",STRANGE_FILE="usage-strange.jsonl",SEGMENT_LINES=512,
MAX_SEALED=15,MAX_STRANGE=256,Outbox=class{constructor(storage,log){this.storage=storage;this.log=log}storage;log;segments;ids=new Set;marks=new Set;strangeLines=[];async open(){
await this.opened()}async has(id){return await this.opened(),this.ids.has(id)||this.marks.has(id)}async add(record){
let segments=await this.opened();newest(segments).lines>=SEGMENT_LINES&&await this.seal(segments).catch(
error=>this.grumble(error,"a segment stays too long"));let segment=newest(segments);await this.storage.
append(OUTBOX_FILE,JSON.stringify(record)),segment.lines+=1,segment.unsent.push(record),this.ids.add(
record.id)}async oldest(){return(await this.opened()).find(({unsent})=>unsent.length>0)?.unsent[0]}async remove(id){
let segments=await this.opened(),segment=segments.find(({unsent})=>unsent.some(record=>record.id===id));
if(!segment)return;let at=segment.unsent.findIndex(record=>record.id===id);segment.unsent.splice(at,
1),this.ids.delete(id);try{segment.done||(await this.storage.append(SENT_FILE,id),this.marks.add(id),
segment.marked+=1),await this.tidy(segments)}catch(error){this.grumble(error,"what was sent could no\
t be marked")}}async opened(){return this.segments??=await this.read(),this.segments}async read(){this.
ids.clear(),this.marks.clear();for(let id of await this.linesOf(SENT_FILE))this.marks.add(id);let segments=[];
for(let n=MAX_SEALED;n>=0;n--){let name=n===0?OUTBOX_FILE:sealedName(n),segment=Segment.of(name,await this.
linesOf(name),this.marks,this.ids);(segment.lines>0||n===0)&&segments.push(segment);for(let{id}of segment.
unsent)this.ids.add(id)}this.strangeLines=await this.linesOf(STRANGE_FILE);let strange=segments.reduce(
(sum,one)=>sum+one.strange.length,0);return strange>0&&this.log.warn({strange},"lines of the usage f\
ile are not understood; kept"),await this.tidy(segments).catch(error=>this.grumble(error,"sent recor\
ds stay on disk")),await this.understandMore(segments),segments}async linesOf(name){try{return await this.
storage.readLines(name)}catch(error){if(!(error instanceof Error&&"kind"in error&&error.kind==="badD\
ata"))throw error;return this.log.error({file:name,error:error.message},"a usage file was set aside"),
await this.storage.rename(name,`${name}.corrupt-1`),[]}}async understandMore(segments){let rest=this.
strangeLines.filter(line=>!parseRecord(line));if(rest.length===this.strangeLines.length)return;let segment=newest(
segments);for(let record of this.strangeLines.flatMap(line=>parseRecord(line)??[]))this.ids.has(record.
id)||(await this.storage.append(OUTBOX_FILE,JSON.stringify(record)),segment.lines+=1,segment.unsent.
push(record),this.ids.add(record.id));await this.keepStrange(rest)}async seal(segments){let taken=new Map(
segments.map(segment=>[segment.name,segment])),free=1;for(;free<=MAX_SEALED&&taken.has(sealedName(free));)
free+=1;free>MAX_SEALED&&await this.drop(segments);for(let n=Math.min(free,MAX_SEALED);n>=1;n--){let from=n===
1?OUTBOX_FILE:sealedName(n-1);await this.storage.rename(from,sealedName(n));let moved=taken.get(from);
moved&&(moved.name=sealedName(n))}segments.push(new Segment(OUTBOX_FILE))}async drop(segments){let[oldest]=segments;
if(!oldest)return;await this.storage.remove(oldest.name),segments.shift();for(let{id}of oldest.unsent)
this.ids.delete(id);let records=oldest.unsent.length;this.log.error({records},"the disk holds no mor\
e usage records; the oldest are gone")}async tidy(segments){for(let segment of segments.filter(({done})=>done))
await this.saveStrange(segment.strange),await this.storage.remove(segment.name),segments.splice(segments.
indexOf(segment),1),segment.name===OUTBOX_FILE&&segments.push(new Segment(OUTBOX_FILE));this.marks.size===
0||segments.some(({marked})=>marked>0)||(await this.storage.remove(SENT_FILE),this.marks.clear())}async saveStrange(lines){
let fresh=lines.filter(line=>!this.strangeLines.includes(line));fresh.length>0&&await this.keepStrange(
[...this.strangeLines,...fresh])}async keepStrange(lines){let kept=lines.slice(-MAX_STRANGE);kept.length<
lines.length&&this.log.error({lines:lines.length-kept.length},"usage lines nobody understands: gone"),
kept.length===0?await this.storage.remove(STRANGE_FILE):await this.storage.write(STRANGE_FILE,kept.map(
line=>`${line}
`).join("")),this.strangeLines=kept}grumble(error,what){this.log.warn({error:String(error)},what)}},
sealedName=n=>`usage-${n}.jsonl`;function newest(segments){let segment=segments.at(-1);if(!segment)throw new Error(
"an outbox without a segment");return segment}var Spread=class{constructor(step,steps){this.step=step;this.counts=new Uint32Array(steps)}step;counts;total=0;add(value){
let slot=Math.min(this.counts.length-1,Math.max(0,Math.floor(value/this.step)));this.counts[slot]=(this.
counts[slot]??0)+1,this.total+=1}read(){return this.total===0?null:{p50:this.percentile(.5),p95:this.
percentile(.95)}}percentile(share){let rank=Math.ceil(share*this.total),seen=0;for(let slot=0;slot<this.
counts.length;slot++)if(seen+=this.counts[slot]??0,seen>=rank)return Number((slot*this.step).toFixed(
6));return(this.counts.length-1)*this.step}};var OPEN_FILE="usage-open.json",PROGRESS_MS=6e4,RETRY_MS=3e4,MAX_UNSAVED=1e3,UsageLog=class{constructor(parts2){
this.parts=parts2;let{storage,log}=parts2;this.outbox=new Outbox(storage,log),this.openFile=new StateFile(
storage,log,OPEN_FILE,{read:json2=>({value:expectShape(StoredRecord,json2),strange:0}),write:record=>record})}parts;current;disk=new InTurn;outbox;openFile;broker;sending=!1;unsaved=[];openOnDisk;persistWaits=!1;recovered=!1;timers=[];async start(){
this.timers.push(this.parts.clock.every(PROGRESS_MS,()=>this.persist())),this.timers.push(this.parts.
clock.every(RETRY_MS,()=>this.send())),await this.onDisk(()=>this.recover())}publishTo(broker){this.
broker=broker,broker.onConnected(connected=>connected&&this.send()),this.send()}stop(){for(let timer of this.
timers)timer.cancel();this.broker=void 0}settled(){return this.disk.run(async()=>{})}open(){let{clock,
robot,newId,time}=this.parts,at=time.now();this.current={record:firstRecord(newId(),robot,at),startMs:clock.
now(),latency:new Spread(1,5e3),loss:new Spread(.001,1001)},this.persist()}note(count){if(!this.current)
return;let{record}=this.current;this.current={...this.current,record:{...record,[count]:record[count]+
1}}}measured(videoLatencyMs,lossRatio){videoLatencyMs!==null&&this.current?.latency.add(videoLatencyMs),
this.current?.loss.add(lossRatio)}close(why){let record=this.snapshot(why);this.current=void 0,record&&
(this.unsaved.push(record),this.unsaved.length>MAX_UNSAVED&&(this.unsaved.shift(),this.parts.log.error(
{},"the disk has refused for long; the oldest usage record is gone")),this.onDisk(()=>this.save()).then(
()=>this.send()))}snapshot(why){if(!this.current)return;let{record,startMs,latency,loss}=this.current,
lasted=this.parts.clock.now()-startMs,known=dated(record,this.parts.time);return{...known,end:known.
start+lasted,minutes:Math.round(lasted/600)/100,why,videoLatencyMs:latency.read(),lossRatio:loss.read()}}persist(){
this.persistWaits||(this.persistWaits=!0,this.onDisk(async()=>{this.persistWaits=!1,await this.save();
let open=this.snapshot("powerLost");open&&(await this.openFile.save(open),this.openOnDisk=open.id)}))}async save(){
await this.recover();for(let record=this.unsaved[0];record;record=this.unsaved[0]){await this.outbox.
add(record);let saved=record;this.unsaved=this.unsaved.filter(one=>one!==saved);let{id,why,minutes}=record;
this.parts.log.info({id,why,minutes},"usage recorded")}this.openOnDisk===void 0||this.openOnDisk===this.
current?.record.id||(await this.openFile.remove(),this.openOnDisk=void 0)}async recover(){if(this.recovered)
return;await this.outbox.open();let left=await this.openFile.load();"value"in left&&(await this.outbox.
has(left.value.id)||await this.outbox.add(left.value),await this.openFile.remove()),this.recovered=!0}send(){
this.sending||!this.broker?.connected||(this.sending=!0,this.sendAll(this.broker).catch(error=>this.
parts.log.debug({error:String(error)},"usage not sent yet")).finally(()=>{this.sending=!1}))}async sendAll(broker){
for(;;){let record=await this.disk.run(()=>this.outbox.oldest());if(!record||this.broker!==broker)return;
let{robot,time}=this.parts;await broker.publish(topics.usage(robot),JSON.stringify(dated(record,time))),
await this.disk.run(()=>this.outbox.remove(record.id))}}async onDisk(act){try{await this.disk.run(act),
this.parts.onTrouble(!1)}catch(error){this.parts.log.error({error:String(error)},"usage cannot be wr\
itten; is the disk full?"),this.parts.onTrouble(!0)}}};function firstRecord(id,robot,at){let counts={
handsRaised:0,handsAcknowledged:0,pauses:0,interruptions:0},{wallMs}=at,times={start:wallMs,end:wallMs,
clock:stampOf(at),minutes:0};return{id,robot,...times,why:"powerLost",...counts,videoLatencyMs:null,
lossRatio:null}}function dated(record,time){let mark=Stamp.safeParse(record.clock).data;if(!mark)return record;
let{wallMs,stamp}=time.correct(record.start,mark);return{...record,start:wallMs,end:record.end+wallMs-
record.start,clock:stamp}}var CALIBRATION_FILE="calibration.json",parts=(storage,known=!0)=>{let clock=new SimClock;return{robot:"\
robot-1",storage,clock,log:silentLog,time:new FakeTime(clock,()=>known)}};async function live(disk){
let access=await Access.open(parts(disk)),jwk=generateKeyPairSync("ec",{namedCurve:"P-256"}).publicKey.
export({format:"jwk"}),{kty,crv,x,y}=jwk,thumb=JSON.stringify({crv,kty,x,y}),device=createHash3("sha\
256").update(thumb).digest("base64url");await access.guests.invite(secret(1),7),await access.guests.
redeem(secret(1),{device,jwk:{kty,crv,x,y}},()=>!0),await(await Access.open(parts(disk,!1))).guests.
invite(secret(2),7),await disk.append("usage-strange.jsonl",'{"of":"a version to come"}'),await usageOf(
disk,1,async(log,broker)=>{for(let why of["hangUp","lost","hangUp"])log.open(),log.close(why);await settled(
log),broker.refuseAfter(1),log.publishTo(broker),await settled(log),log.open()});let calibration=calibrationOf(),
text=(void 0)?.(calibration)??JSON.stringify(calibration);await disk.write(CALIBRATION_FILE,text),await rewrite(
disk,1)}async function rewrite(disk,n){let{guests}=await Access.open(parts(disk));await guests.invite(
secret(100+n),7),await(await Access.open(parts(disk,!1))).guests.invite(secret(200+n),7);let presets=new Presets(
disk,new SimClock,silentLog);await presets.load(),presets.store("board",{pan:10+n,tilt:3}),await presets.
settled();let time=await TimeStore.open(disk,silentLog),boot={boot:`boot-${n}`,offsetMs:1e3,atMs:2e3};
time.remember({...boot,trust:"sure",source:"ntp"},17682048e5+n),await time.settled();let memory=new PauseMemory(
disk,silentLog);await memory.recall(0),memory.keep({name:"paused",sessionSeen:!0,emptySinceMs:0},1e4);
for(let turn=0;turn<100;turn++)await Promise.resolve()}async function read(disk){let access=await Access.
open(parts(disk)).catch(()=>{}),presets=new Presets(disk,new SimClock,silentLog);await presets.load();
let time=await TimeStore.open(disk,silentLog),usage=await usageOf(disk,4096,async(log,broker)=>(log.
publishTo(broker),await settled(log),broker.published.map(({payload})=>JSON.parse(payload)).map(({id,
why})=>`${id} ${why}`))),pause=await new PauseMemory(disk,silentLog).recall(0);return{keys:access?.robotKey??
"closed",guests:access&&{devices:access.guests.devices().map(({device})=>device),invitations:access.
guests.invitations().map(({id,state})=>`${id} ${state}`)},clocks:(await InvitationClocks.open(disk,silentLog)).
ids.sort(),presets:presets.all,time:{knownMs:time.knownMs,boot:time.anchorOf("boot-1")?.trust??"none"},
usage,pause:pause.pause.name,calibration:await readCalibration(disk)}}async function readCalibration(disk){
try{let text=await disk.read(CALIBRATION_FILE)??"",{pan,tilt}=parseCalibration(text,CALIBRATION_FILE);
return{pan,tilt}}catch{return"none"}}async function usageOf(disk,firstId,act){let ids=firstId,newId=()=>(ids++).
toString(16).padStart(32,"0"),usage=new UsageLog({...parts(disk),newId,onTrouble:()=>{}});await usage.
start();let outcome=await act(usage,new PickyBroker);return await settled(usage),usage.stop(),outcome}
var PickyBroker=class extends FakeBroker{left=Number.POSITIVE_INFINITY;refuseAfter(count){this.left=
count}async publish(...said){if(this.left--<=0)throw new Error("not now");return super.publish(...said)}};
async function settled(usage){for(let turn=0;turn<20;turn++)await usage.settled(),await new Promise(
resolve=>setImmediate(resolve))}var secret=n=>Buffer.alloc(16,n).toString("base64url");function calibrationOf(){
let pan={...{zeroUs:1508,usPerDeg:-5.4,minUs:548,maxUs:2467},encoderZeroDeg:211.3,encoderDirection:-1};
return{pan,tilt:{...pan,encoderDirection:1}}}export{live,read,rewrite};
