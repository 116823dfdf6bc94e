import CEMDomain

extension Words {
  /// What happened, by an event's type: `gap reassessed`; elsewhere the thing, then what was done.
  static func event(_ type: String) -> String {
    let parts = type.split(separator: ".", maxSplits: 1).map(String.init)
    let verb = parts.count > 1 ? parts[1] : ""
    guard language != .english else {
      return "\(parts[0]) " + verb.split(separator: "-").joined(separator: " ")
    }
    let noun = Catalog.label("EntityKind", parts[0], in: language) ?? say(parts[0])
    return pair(noun, happened(verb))
  }

  /// What was done, by the verb of an event's type.
  static func happened(_ verb: String) -> String {
    let english = verb.split(separator: "-").joined(separator: " ")
    guard language != .english else { return english }
    return phrases["event:\(verb)"]?[language] ?? english
  }

  /// A line a verb of an event's type, then the words of its details.
  static let eventTable = """
    event:accepted | прийнято | принято | 已接受
    event:action-completed | дію виконано | действие выполнено | 行动完成
    event:action-reopened | дію відкрито знову | действие открыто снова | 行动重开
    event:action-waived | для дії зроблено виняток | для действия сделано исключение | 行动豁免
    event:added | додано | добавлено | 已添加
    event:advanced | підвищено | повышено | 晋级
    event:amended | виправлено | исправлено | 已更正
    event:approved | погоджено | одобрено | 已批准
    event:assessed | оцінено | оценено | 已评估
    event:audited | перевірено | проверено | 已审计
    event:breach-recorded | порушення записано | нарушение записано | 违标已记录
    event:catalog-adopted | прийнято каталог | принят каталог | 已采用目录
    event:cancelled | скасовано | отменено | 已取消
    event:closed | закрито | закрыто | 已关闭
    event:completed | завершено | завершено | 已完成
    event:corrected | скориговано | скорректировано | 已修正
    event:data_erased | дані стерто | данные стёрты | 数据已抹除
    event:declared | заявлено | заявлено | 已声明
    event:defined | визначено | определено | 已定义
    event:diagnosed | причину з’ясовано | причина выяснена | 已诊断
    event:platform-waived | дозволено без платформи | разрешено без платформы | 平台已豁免
    event:ethics-attested | етику засвідчено | этика подтверждена | 伦理已声明
    event:founded | засновано | основано | 已创建
    event:granted | надано | предоставлено | 已批准
    event:handed-over | передано | передано | 已移交
    event:held | поставлено на паузу | поставлено на паузу | 已暂停
    event:linked | додано посилання | добавлена ссылка | 已加链接
    event:made | подано | подано | 已提出
    event:mapped | нанесено | нанесено на карту | 已绘制
    event:inherited | успадковано | унаследовано | 已继承
    event:measured | виміряно | измерено | 已测量
    event:merged | об’єднано | объединено | 已合并
    event:moved | переведено | переведено | 已转移
    event:opened | відкрито | открыто | 已立项
    event:pilot-concluded | пілот завершено | пилот завершён | 试点结束
    event:pilot-corrected | пілот виправлено | пилот исправлен | 试点已更正
    event:pilot-started | пілот розпочато | пилот начат | 试点开始
    event:planned | заплановано | запланировано | 已计划
    event:reassessed | переоцінено | переоценено | 已重估
    event:recorded | записано | записано | 已记录
    event:registered | зареєстровано | зарегистрировано | 已登记
    event:regressed | знижено | понижено | 已降级
    event:reinstated | повернено | возвращено | 已恢复使用
    event:renewed | продовжено | продлено | 已续期
    event:rejected | відхилено | отклонено | 已驳回
    event:reopened | відкрито знову | открыто снова | 已重开
    report | звіт | отчёт | 报告
    event:issued | видано | выдано | 已出具
    event:restated | перераховано | пересмотрено после закрытия | 已重述
    period | період | период | 期间
    event:restored | відновлено | восстановлено | 已恢复
    event:resumed | продовжено | продолжено | 已继续
    event:retired | виведено | выведено | 已停用
    event:verdict-reverted | вердикт відкочено | сделан откат вердикта | 结论已撤回
    event:retirement-reverted | виведення відкочено | сделан откат вывода | 停用变更已撤回
    event:reverted | відкочено | сделан откат | 已撤回
    event:revised | переглянуто | пересмотрено | 已修订
    event:revoked | відкликано | отозвано | 已撤销
    event:scaled | розгорнуто | развёрнуто | 已推广
    event:set | встановлено | установлено | 已设定
    event:split | поділено | разделено | 已拆分
    event:started | розпочато | начато | 已启动
    event:stated | сформульовано | сформулировано | 已陈述
    event:unplanned | пункт відкрито | пункт открыт | 已撤计划
    event:updated | оновлено | обновлено | 已更新
    event:version-corrected | версію виправлено | версия исправлена | 已更正版本
    event:voided | анульовано | аннулировано | 已作废
    event | подія | событие | 事件
    unknown | невідомо | неизвестно | 未知
    cannot be read: %1 | неможливо прочитати: %1 | невозможно прочитать: %1 | 无法读取：%1
    until %1 | до %1 | до %1 | 至%1
    until further notice | безстроково | бессрочно | 无限期
    of %1 %2 | щодо: %1 %2 | о: %1 %2 | 关于%1 %2
    %1 of %2 %3, %4 | %1 із %2, %3, %4 | %1 из %2, %3, %4 | %2名%3中%1，%4
    on %1: %2 | до %1: %2 | к %1: %2 | 关于%1：%2
    after %1 | після %1 | после %1 | %1之后
    "%1" | «%1» | «%1» | “%1”
    "%1" at %2 | «%1» у %2 | «%1» в %2 | “%1”（%2）
    no version from %1 | версії від %1 не було | версии от %1 не было | 没有自%1起的版本
    version from %1 | версія від %1 | версия от %1 | 自%1起的版本
    , target %1 | , ціль %1 | , цель %1 | ，目标%1
    %1 from %2 | %1 від %2 | %1 с %2 | %1，自%2起
    no data | немає даних | нет данных | 无数据
    %1 as %2 | %1 як %2 | %1 как %2 | %1记为%2
    from %1 | зі стану «%1» | из состояния «%1» | 原状态：%1
    verdict %1, cost %2, benefit %3 %4 | висновок «%1», витрати %2, вигода %3 %4 | вердикт «%1», затраты %2, выгода %3 %4 | 结论：%1，成本%2，收益%3 %4
    under waiver %1 | за винятком %1 | по исключению %1 | 依豁免%1
    measured %1 | з результатом %1 | с результатом %1 | 实测%1
    none | немає | нет | 无
    version %1 | версія %1 | версия %1 | 版本%1
    %1 (%2) | %1 (%2) | %1 (%2) | %1（%2）
    %1 (%2, %3) | %1 (%2, %3) | %1 (%2, %3) | %1（%2，%3）
    at %1 | рівень %1 | уровень %1 | 等级%1
    %1 by %2 | %1: %2 | %1: %2 | %1：%2
    at position %1 | на позиції %1 | на позиции %1 | 位置%1
    at positions %1 | на позиціях %1 | на позициях %1 | 位置%1
    , for %1 | , для %1 | , для %1 | ，为%1
    as %1 of position %2, %3 | як %1 станом на позицію %2, %3 | как %1 по позицию %2, %3 | 格式%1，位置%2，%3
    from a backup that ended at position %1 | з резервної копії до позиції %1 | из резервной копии до позиции %1 | 来自止于位置%1的备份
    as a duplicate of %1 | як дублікат %1 | как дубликат %1 | 与%1重复
    of position %1 | позиції %1 | позиции %1 | 位置%1
    %1 for %2 | %1 від імені %2 | %1 от имени %2 | %1（代表%2）
    """
}
